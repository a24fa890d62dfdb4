import { startService } from '@sluice/service-shell';
import { config } from './config.js';
import { LedgerModule } from './ledger.module.js';
import { LEDGER_MIGRATIONS } from './postgres/ledger-migrations.js';
import { ledgerRights } from './postgres/ledger-rights.js';

const ownerUrl = config.ownerUrl.reveal();

await startService({
  name: 'ledger',
  config,
  migrations: LEDGER_MIGRATIONS,
  ...(ownerUrl !== '' && { owner: { url: ownerUrl, rights: ledgerRights } }),
  module: (platform) => LedgerModule.over(platform),
});
