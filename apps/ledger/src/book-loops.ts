import { Injectable } from '@nestjs/common';
import { BackgroundLoop } from '@sluice/runtime';
import { Database } from '@sluice/postgres';
import { InjectLogger, type Logger } from '@sluice/service-shell';
import { ApplyCommands } from './commands/apply-commands.js';
import { TimeAndIds } from './commands/time-and-ids.js';
import { BookMemory } from './hash-chain/book-memory.js';
import { expireDueHolds, IS_ANY_DUE } from './holds/expire-due-holds.js';
import { expireApprovals, IS_ANY_OVER } from './payment-approvals/expire-approvals.js';
import { foldSharedSums, IS_ANY_UNFOLDED } from './house-accounts/fold-shared-sums.js';

/** Longest pause of a loop; the common poll ends the pause while work waits. */
const REST_MS = 60_000;

/** Expires due holds and approvals, and folds the parts of shared accounts. */
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
      (await foldSharedSums(database)) ? 0 : REST_MS,
    );
    const refusing = new BackgroundLoop('expire approvals of payments', logger, async () => {
      if (memory.waitsFor !== null) return REST_MS;
      return (await expireApprovals({ database, applyCommands, now })) > 0 ? 0 : REST_MS;
    });
    this.loops = [expiring, folding, refusing];
    wakeWhile(database, IS_ANY_DUE, expiring);
    wakeWhile(database, IS_ANY_UNFOLDED, folding);
    wakeWhile(database, IS_ANY_OVER, refusing);
  }
}

function wakeWhile({ poll }: Database, condition: string, loop: BackgroundLoop): void {
  poll.add<boolean>({
    sql: () => condition,
    onAnswer: (isSo) => {
      if (isSo) loop.wake();
    },
  });
}
