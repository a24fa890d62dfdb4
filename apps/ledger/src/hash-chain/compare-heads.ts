import { Injectable } from '@nestjs/common';
import { ledgerChainHeads } from '@sluice/messages';
import { Database, UnitOfWork } from '@sluice/postgres';
import { InjectLogger, InjectPlatform, type Logger, type Platform } from '@sluice/service-shell';
import { BookMemory } from './book-memory.js';
import type { ChainHead, GivenHead } from './chain-report.js';
import { HeadSigner } from './head-signer.js';
import { haltForLostHeads, headsNow, lostHeads, type LostHead } from './lost-heads.js';

/**
 * Messages read from each partition. All heads are published every ten minutes, to include chains
 * without new links.
 */
const NEWEST = 3_000;

/**
 * Compares the chains with heads seen earlier: published heads, heads in this process's memory, and
 * heads kept by other services. Only heads signed by this ledger count. A shorter chain, or a
 * different link, halts the book.
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

  /** Compares with the newest heads on `ledger.chain-heads`. Throws while Kafka is unavailable. */
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
        'ledger.chain-heads has no head of this ledger: only the comparison by intake-api can prove that this ledger is complete',
      );
    await this.haltIfLost(published, 'ledger.chain-heads');
  }

  /** Compares with heads kept by another service. Returns the heads missing in the book. */
  withKept(heads: readonly GivenHead[], keptBy: string): Promise<readonly LostHead[]> {
    return this.haltIfLost(this.ownOf(heads), `what ${keptBy} has kept`);
  }

  /**
   * Compares with the heads seen committed by this process, and remembers the present chain heads.
   */
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
