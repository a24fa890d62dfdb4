import { Injectable } from '@nestjs/common';
import { ledgerChainHeads } from '@sluice/messages';
import { Database, UnitOfWork } from '@sluice/postgres';
import { InjectLogger, InjectPlatform, type Logger, type Platform } from '@sluice/service-shell';
import { BookMemory } from './book-memory.js';
import type { ChainHead, GivenHead } from './chain-report.js';
import { HeadSigner } from './head-signer.js';
import { haltForLostHeads, headsNow, lostHeads, type LostHead } from './lost-heads.js';

/** Of each partition. All heads are published every ten minutes, so that a chain without new links is among them. */
const NEWEST = 3_000;

/**
 * Compares the chains with what was published of them, with what this process remembers, and with what others have kept. Only
 * heads that this ledger signed count. A chain that is shorter, or has another link, halts the book.
 */
@Injectable()
export class CompareHeads {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly signer: HeadSigner,
    private readonly memory: BookMemory,
    @InjectLogger() private readonly logger: Logger,
    @InjectPlatform() private readonly platform: Pick<Platform, 'readNewest'>,
  ) {}

  /** With the newest heads on `ledger.chain-heads`. Throws while Kafka is away. */
  async withPublished(): Promise<void> {
    const { readNewest } = this.platform;
    if (!readNewest) return;
    const messages = await readNewest(ledgerChainHeads, NEWEST);
    const published = this.ownOf(
      messages.map(({ data: { shard, ...head } }) => ({ ...head, shard: Number(shard) })),
    );
    if (published.length === 0)
      this.logger.warn(
        {},
        'ledger.chain-heads has no head of this ledger: intake-api’s comparison alone can tell that the book is the newest',
      );
    await this.haltIfLost(published, 'ledger.chain-heads');
  }

  /** With what another service has kept of the heads. Answers those that the book does not have. */
  withKept(heads: readonly GivenHead[], keptBy: string): Promise<readonly LostHead[]> {
    return this.haltIfLost(this.ownOf(heads), `what ${keptBy} has kept`);
  }

  /** With what this process has seen committed, link by link; and remembers where the chains end now. */
  async withMemory(): Promise<void> {
    const lost = await this.haltIfLost(this.memory.known(), 'the memory of a running process');
    if (lost.length > 0) this.memory.forget();
    this.memory.learn(await headsNow(this.database), null);
  }

  private ownOf(heads: readonly GivenHead[]): readonly ChainHead[] {
    return heads.filter((head) => this.signer.signed(head));
  }

  private async haltIfLost(
    heads: readonly ChainHead[],
    seenIn: string,
  ): Promise<readonly LostHead[]> {
    return this.unitOfWork.run(async (tx) => {
      const lost = await lostHeads(tx, heads);
      if (lost.length === 0) return lost;
      const reason = await haltForLostHeads(tx, lost, seenIn);
      this.logger.error({ lost: lost.slice(-20) }, reason);
      return lost;
    });
  }
}
