import { Injectable } from '@nestjs/common';
import { BackgroundLoop } from '@sluice/runtime';
import { Database } from '@sluice/postgres';
import { InjectLogger, type Logger } from '@sluice/service-shell';
import { ApplyCommands } from './commands/apply-commands.js';
import { TimeAndIds } from './commands/time-and-ids.js';
import { BookMemory } from './hash-chain/book-memory.js';
import { expireDueHolds } from './holds/expire-due-holds.js';
import { foldSharedSums } from './house-accounts/fold-shared-sums.js';

const EXPIRY_PAUSE_MS = 1_000;
const FOLD_PAUSE_MS = 1_000;

/** Expires due holds, and folds the parts of shared accounts. */
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
    this.loops = [
      new BackgroundLoop('expire due holds', logger, async () => {
        if (memory.waitsFor !== null) return EXPIRY_PAUSE_MS;
        return (await expireDueHolds({ database, applyCommands, now })) > 0 ? 0 : EXPIRY_PAUSE_MS;
      }),
      new BackgroundLoop('fold shared accounts', logger, async () =>
        (await foldSharedSums(database)) ? 0 : FOLD_PAUSE_MS,
      ),
    ];
  }
}
