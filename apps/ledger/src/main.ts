import { startService } from '@sluice/service-shell';
import { haltBook, reasonOf } from './book-halt/book-halt.js';
import { HoldAuthority } from './commands/hold-authority.js';
import { BookWatch, WATCH_EVERY_MS } from './proof/book-watch.js';
import { ledgerConfig } from './config.js';
import { inOneSnapshot } from './proof/prove-book.controller.js';
import { LedgerModule } from './ledger.module.js';
import { checkInvariants } from './postgres/check-invariants.js';
import { OVERDUE_GAUGE } from './postgres/overdue.js';
import { OwnPasskeys } from './passkeys/passkeys.js';
import { LEDGER_SCHEMA } from './postgres/schema.js';

await startService(() => {
  const config = ledgerConfig();
  const book = new BookWatch({
    keys: config.chainKeys,
    authority: new HoldAuthority(config.messageKeys, config.chainKeys),
  });
  return {
    name: 'ledger',
    config: ledgerConfig(),
    schema: LEDGER_SCHEMA,
    gauges: [OVERDUE_GAUGE],
    passkeys: (database, seals) => new OwnPasskeys(database, seals, config),
    module: LedgerModule.of({
      keys: config.chainKeys,
      signer: config.headSigner,
      limits: { byCurrency: config.onePersonLimits, inEur: config.onePersonLimitsInEur },
    }),
    invariantWatch: {
      everyMs: WATCH_EVERY_MS,
      atOneMoment: true,
      check: (query) => book.look(query),
      onViolation: (violations, database) => haltBook(database, reasonOf(violations)),
    },
    checkInvariants: (database) => inOneSnapshot(database, checkInvariants),
  };
});
