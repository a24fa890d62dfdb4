import type { DatabaseSchema } from '@sluice/postgres';
import { SIGNER_MIGRATIONS } from './migrations.js';
import { SIGNER_RIGHTS } from './rights.js';

/** Nothing of it is ever removed: a nonce that was given stays given. */
export const SIGNER_SCHEMA: DatabaseSchema = {
  migrations: SIGNER_MIGRATIONS,
  rights: SIGNER_RIGHTS,
};
