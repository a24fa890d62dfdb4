import { startService } from '@sluice/service-shell';
import { haltBook, reasonOf } from './book-halt/book-halt.js';
import { BookWatch } from './book-halt/book-watch.js';
import { ledgerConfig } from './config.js';
import { inOneSnapshot } from './hash-chain/prove-book.js';
import { LedgerModule } from './ledger.module.js';
import { checkInvariants } from './postgres/check-invariants.js';
import { LEDGER_MIGRATIONS } from './postgres/migrations.js';
import { OVERDUE_GAUGE } from './postgres/overdue.js';
import { LEDGER_RETENTION } from './postgres/retention.js';
import { ledgerRights } from './postgres/ledger-rights.js';

await startService(() => {
  const config = ledgerConfig();
  const book = new BookWatch(config.chainKeys);
  const ownerUrl = config.ownerUrl.reveal();
  return {
    name: 'ledger',
    config,
    migrations: LEDGER_MIGRATIONS,
    retention: LEDGER_RETENTION,
    ...(ownerUrl !== '' && { ownerRole: { url: ownerUrl, grants: ledgerRights } }),
    gauges: [OVERDUE_GAUGE],
    module: LedgerModule.of({ keys: config.chainKeys, signer: config.headSigner }),
    invariantWatch: {
      check: (query) => book.look(query),
      onViolation: (violations, database) => haltBook(database, reasonOf(violations)),
    },
    checkInvariants: (database) => inOneSnapshot(database, checkInvariants),
  };
});
