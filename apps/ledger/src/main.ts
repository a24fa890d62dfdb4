import { startService } from '@sluice/service-shell';
import { config } from './config.js';
import { LedgerModule } from './ledger.module.js';
import { LedgerTables1763600100000 } from './postgres/migrations/ledger-tables.migration.js';

await startService({ name: 'ledger', config, migrations: [LedgerTables1763600100000], module: (platform) => LedgerModule.over(platform) });
