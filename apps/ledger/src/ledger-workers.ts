import {
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { BackgroundLoop } from '@sluice/runtime';
import { ledgerChainHeads } from '@sluice/messages';
import { Database, UnitOfWork, untilReachable } from '@sluice/postgres';
import { InjectLogger, InjectPlatform, type Logger, type Platform } from '@sluice/service-shell';
import { ApplyCommands } from './commands/apply-commands.js';
import { TimeAndIds } from './commands/time-and-ids.js';
import { ChainKeys } from './hash-chain/chain-keys.js';
import { BookMemory } from './hash-chain/book-memory.js';
import { CompareHeads } from './hash-chain/compare-heads.js';
import { HeadSigner } from './hash-chain/head-signer.js';
import { openChains } from './hash-chain/open-chains.js';
import {
  publishAllHeadsNext,
  publishChainHeads,
  type ChainHeadPorts,
} from './hash-chain/publish-chain-heads.js';
import { expireDueHolds } from './holds/expire-due-holds.js';
import { foldSharedSums } from './house-accounts/fold-shared-sums.js';

const EXPIRY_PAUSE_MS = 1_000;
const FOLD_PAUSE_MS = 1_000;
const CHAIN_PAUSE_MS = 10_000;
const COMPARE_PAUSE_MS = 500;
/** Interval for publishing all heads: a reader of the newest heads finds each chain. */
const ALL_HEADS_PAUSE_MS = 600_000;
const NOT_COMPARED = 'the chains are not compared with the published heads yet';

/** Background work of the ledger. Any number of instances may run the work at the same time. */
@Injectable()
export class LedgerWorkers implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly loops: readonly BackgroundLoop[];

  constructor(
    private readonly database: Database,
    unitOfWork: UnitOfWork,
    applyCommands: ApplyCommands,
    timeAndIds: TimeAndIds,
    private readonly chainKeys: ChainKeys,
    signer: HeadSigner,
    private readonly compareHeads: CompareHeads,
    private readonly memory: BookMemory,
    @InjectLogger() private readonly logger: Logger,
    @InjectPlatform() private readonly platform: Pick<Platform, 'onLogLoss' | 'readNewest'>,
  ) {
    const ports = { database, unitOfWork, applyCommands, signer, ...timeAndIds };
    this.loops = [
      new BackgroundLoop('expire due holds', logger, async () => {
        if (memory.waitsFor !== null) return EXPIRY_PAUSE_MS;
        return (await expireDueHolds(ports)) > 0 ? 0 : EXPIRY_PAUSE_MS;
      }),
      new BackgroundLoop('fold shared accounts', logger, async () =>
        (await foldSharedSums(database)) ? 0 : FOLD_PAUSE_MS,
      ),
      new BackgroundLoop('compare and publish chain heads', logger, () => this.tellHeads(ports), {
        firstRestMs: platform.readNewest ? 0 : CHAIN_PAUSE_MS,
      }),
      BackgroundLoop.every(ALL_HEADS_PAUSE_MS, 'publish all chain heads', logger, () =>
        publishAllHeadsNext(database),
      ),
    ];
  }

  /** Opens the chains of a new book before the first booking. */
  async onApplicationBootstrap(): Promise<void> {
    const opened = await untilReachable(
      () => openChains(this.database, this.chainKeys),
      (error) => this.logger.warn({ err: error }, 'the hash chains could not be read'),
    );
    if (opened) this.logger.info({}, 'the hash chains of the new journal were opened');
    if (this.platform.readNewest) {
      this.memory.waitFor(NOT_COMPARED);
      this.database.continuity.listen({ noticed: () => this.compareAgain() });
    }
    this.platform.onLogLoss((topic) => {
      if (topic !== ledgerChainHeads.name) return;
      publishAllHeadsNext(this.database).catch((error: unknown) =>
        this.logger.warn({ err: error }, 'lost chain heads could not be published again'),
      );
    });
    for (const loop of this.loops) loop.start();
  }

  /**
   * Blocks booking after a change of the database: this process does not know the bookings of other
   * instances in the previous database.
   */
  private compareAgain(): void {
    this.memory.waitFor(NOT_COMPARED);
    for (const loop of this.loops) loop.wake();
  }

  /** Compares first: a restored book must not publish older heads as the newest. */
  private async tellHeads(ports: ChainHeadPorts): Promise<number> {
    if (this.memory.waitsFor !== null) {
      const { continuity } = this.database;
      const { generation } = continuity;
      const compared = await this.compareHeads.withPublished().then(
        () => true,
        (error: unknown) => (this.logger.warn({ err: error }, NOT_COMPARED), false),
      );
      if (!compared || generation !== continuity.generation) return COMPARE_PAUSE_MS;
      this.memory.goOn();
    }
    await this.compareHeads.withMemory();
    if (this.memory.waitsFor !== null) return COMPARE_PAUSE_MS; // the database was replaced during this
    await publishChainHeads(ports);
    return CHAIN_PAUSE_MS;
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.loops.map((loop) => loop.stop()));
  }
}
