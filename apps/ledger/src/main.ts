import { startService } from '@sluice/service-shell';
import { ledgerConfig } from './config.js';
import { inOneSnapshot } from './hash-chain/prove-book.js';
import { LedgerModule } from './ledger.module.js';
import { checkInvariants } from './postgres/check-invariants.js';
import { OVERDUE_GAUGE } from './postgres/overdue.js';
import { LEDGER_SCHEMA } from './postgres/schema.js';

await startService(() => {
  return {
    name: 'ledger',
    config: ledgerConfig(),
    schema: LEDGER_SCHEMA,
    gauges: [OVERDUE_GAUGE],
    module: LedgerModule,
    checkInvariants: (database) => inOneSnapshot(database, checkInvariants),
  };
});
