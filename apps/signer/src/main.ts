import { checkInvariants } from '@sluice/postgres';
import { startService } from '@sluice/service-shell';
import { signerConfig } from './config.js';
import { SIGNER_SCHEMA } from './postgres/schema.js';
import { acceptBatchBodies, SIGNER_GAUGES } from './signatures/sign-batch.js';
import { SignerModule } from './signer.module.js';

const INVARIANTS = new URL('./postgres/invariants/', import.meta.url);

await startService(() => ({
  name: 'signer',
  config: signerConfig(),
  schema: SIGNER_SCHEMA,
  gauges: SIGNER_GAUGES,
  module: SignerModule,
  hooks: acceptBatchBodies,
  checkInvariants: (database) => checkInvariants(database, INVARIANTS),
}));
