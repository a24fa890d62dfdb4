import { Injectable } from '@nestjs/common';
import { ledgerChainHeads } from '@sluice/messages';
import { UnitOfWork } from '@sluice/postgres';
import { InjectLogger, InjectPlatform, type Logger, type Platform } from '@sluice/service-shell';
import { BookMemory } from './book-memory.js';
import type { ChainHead, GivenHead } from './chain-report.js';
import { HeadSigner } from './head-signer.js';
import { publishAllHeadsNext } from './publish-chain-heads.js';
import { haltForLostHeads, headsNow, lostHeads, type LostHead } from './lost-heads.js';

/**
 * Messages read from each partition. All heads are published every ten minutes, to include chains
 * without new links.
 */
const NEWEST = 3_000;
const NOT_COMPARED = 'the chains are not compared with the published heads yet';

/**
 * Compares the chains with heads seen earlier: published heads, heads in this process's memory, and
 * heads kept by other services. Only heads signed by this ledger count. A shorter chain, or a
 * different link, halts the book.
 */
@Injectable()
export class CompareHeads {
  /** True if the last comparison found a head not yet published. */
  hasUnpublished = false;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly signer: HeadSigner,
    private readonly memory: BookMemory,
    @InjectLogger() private readonly logger: Logger,
    @InjectPlatform() private readonly platform: Pick<Platform, 'onLogLoss' | 'readNewest'>,
  ) {}

  /** True if the published heads can be read. */
  get readsPublished(): boolean {
    return this.platform.readNewest !== undefined;
  }

  /**
   * Blocks booking until the first comparison, and after a change of the database: this process
   * does not know the bookings of other instances in the previous database. `compareAgain` is called
   * after such a change. Heads lost by Kafka are published again.
   */
  watch(compareAgain: () => void): void {
    const { database } = this.unitOfWork;
    if (this.readsPublished) {
      this.memory.waitFor(NOT_COMPARED);
      database.continuity.listen({
        noticed: () => {
          this.memory.waitFor(NOT_COMPARED);
          compareAgain();
        },
      });
    }
    this.platform.onLogLoss((topic) => {
      if (topic !== ledgerChainHeads.name) return;
      publishAllHeadsNext(database).catch((error: unknown) =>
        this.logger.warn({ err: error }, 'lost chain heads could not be published again'),
      );
    });
  }

  /** Returns false while no head may be published: a restored book must not publish older heads as the newest. */
  async compare(): Promise<boolean> {
    if (this.memory.waitsFor !== null) {
      const { continuity } = this.unitOfWork.database;
      const { generation } = continuity;
      const compared = await this.withPublished().then(
        () => true,
        (error: unknown) => (this.logger.warn({ err: error }, NOT_COMPARED), false),
      );
      if (!compared || generation !== continuity.generation) return false;
      this.memory.goOn();
    }
    await this.withMemory();
    return this.memory.waitsFor === null; // otherwise the database was replaced during this
  }

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
   * The usual comparison without a loss only reads, and writes nothing to the log of PostgreSQL.
   */
  private async withMemory(): Promise<void> {
    const { database } = this.unitOfWork;
    const known = this.memory.known();
    if ((await lostHeads(database, known)).length > 0) {
      const lost = await this.haltIfLost(known, 'the memory of a running process');
      if (lost.length > 0) this.memory.forget();
    }
    const heads = await headsNow(database);
    this.memory.learn(heads, null);
    this.hasUnpublished = heads.some((head) => !head.is_published);
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
