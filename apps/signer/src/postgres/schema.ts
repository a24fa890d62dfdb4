import type { DatabaseSchema } from '@sluice/postgres';
import { SIGNER_MIGRATIONS } from './migrations.js';
import { SIGNER_RIGHTS } from './rights.js';

/** No row is ever removed: an assigned nonce stays assigned. */
export const SIGNER_SCHEMA: DatabaseSchema = {
  migrations: SIGNER_MIGRATIONS,
  rights: SIGNER_RIGHTS,
};
