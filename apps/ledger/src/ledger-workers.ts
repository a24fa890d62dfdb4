import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Database, UnitOfWork } from '@sluice/postgres';
import { BackgroundLoop } from '@sluice/runtime';
import {
  Check,
  InjectLogger,
  InjectPlatform,
  type Logger,
  type Platform,
} from '@sluice/service-shell';
import { ApplyCommands } from './commands/apply-commands.js';
import { TimeAndIds } from './commands/decision.js';
import { BookMemory } from './hash-chain/book-memory.js';
import { CompareHeads } from './hash-chain/compare-heads.js';
import { HeadSigner, publishAllHeadsNext, publishChainHeads } from './hash-chain/head-signer.js';
import { expireDueHolds, IS_ANY_DUE } from './holds/expire-due-holds.js';
import { foldSharedSums } from './house-accounts/shared-balances.js';
import { expireApprovals, IS_ANY_OVER } from './payment-approvals/expire-approvals.js';

/** Loops of the ledger, in the order of their start (`BackgroundLoop[]`). */
export const LEDGER_LOOPS = Symbol('LedgerLoops');

/** Background work of the ledger. Any number of instances may run the work at the same time. */
@Injectable()
export class LedgerWorkers implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    private readonly compareHeads: CompareHeads,
    @Inject(LEDGER_LOOPS) private readonly loops: readonly BackgroundLoop[],
  ) {}

  onApplicationBootstrap(): void {
    this.compareHeads.watch(() => {
      for (const loop of this.loops) loop.wake();
    });
    for (const loop of this.loops) loop.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.loops.map((loop) => loop.stop()));
  }
}

/** Longest pause of a loop; the common poll ends the pause while work waits. */
const REST_MS = 60_000;
/** Unfolded lines are read with each balance of a shared account. */
const FOLD_PAUSE_MS = 20_000;

@Injectable()
export class BookLoops {
  readonly loops: readonly BackgroundLoop[];

  constructor(
    database: Database,
    applyCommands: ApplyCommands,
    { now }: TimeAndIds,
    memory: BookMemory,
    @InjectLogger() logger: Logger,
  ) {
    const expiring = new BackgroundLoop('expire due holds', logger, async () => {
      if (memory.waitsFor !== null) return REST_MS;
      return (await expireDueHolds({ database, applyCommands, now })) > 0 ? 0 : REST_MS;
    });
    const folding = new BackgroundLoop('fold shared accounts', logger, async () =>
      (await foldSharedSums(database)) ? 0 : FOLD_PAUSE_MS,
    );
    const refusing = new BackgroundLoop('expire approvals of payments', logger, async () => {
      if (memory.waitsFor !== null) return REST_MS;
      return (await expireApprovals({ database, applyCommands, now })) > 0 ? 0 : REST_MS;
    });
    this.loops = [expiring, folding, refusing];
    database.poll.wakeWhile(() => IS_ANY_DUE, expiring);
    database.poll.wakeWhile(() => IS_ANY_OVER, refusing);
  }
}

const CHAIN_PAUSE_MS = 10_000;
/** A comparison and its publication follow each other with a pause. */
const CHECKED_EVERY_MS = 2 * CHAIN_PAUSE_MS;
const COMPARE_PAUSE_MS = 500;
/** Interval for publishing all heads: a reader of the newest heads finds each chain. */
const ALL_HEADS_PAUSE_MS = 600_000;

/** Compares the chains with the heads seen earlier, and publishes their heads. */
@Injectable()
export class ChainHeadLoops {
  readonly loops: readonly BackgroundLoop[];

  constructor(
    unitOfWork: UnitOfWork,
    timeAndIds: TimeAndIds,
    signer: HeadSigner,
    compareHeads: CompareHeads,
    @InjectPlatform() { logger, health }: Pick<Platform, 'logger' | 'health'>,
  ) {
    const check = health.watch(new Check({ name: 'chain heads', everyMs: CHECKED_EVERY_MS }));
    const publish = async (): Promise<number> => {
      if (!(await compareHeads.compare())) return COMPARE_PAUSE_MS;
      check.completed();
      if (compareHeads.hasUnpublished)
        await publishChainHeads({ unitOfWork, signer, ...timeAndIds });
      return CHAIN_PAUSE_MS;
    };
    this.loops = [
      new BackgroundLoop('compare and publish chain heads', logger, publish, {
        firstRestMs: compareHeads.readsPublished ? 0 : CHAIN_PAUSE_MS,
      }),
      BackgroundLoop.every(ALL_HEADS_PAUSE_MS, 'publish all chain heads', logger, () =>
        publishAllHeadsNext(unitOfWork.database),
      ),
    ];
  }
}
