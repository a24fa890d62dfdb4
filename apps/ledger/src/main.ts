import { startService } from '@sluice/service-shell';
import { config } from './config.js';
import { LedgerModule } from './ledger.module.js';
import { LEDGER_MIGRATIONS } from './postgres/ledger-migrations.js';

await startService({ name: 'ledger', config, migrations: LEDGER_MIGRATIONS, module: (platform) => LedgerModule.over(platform) });
