import type { DatabaseSchema } from '@sluice/postgres';
import { LEDGER_MIGRATIONS } from './migrations.js';
import { LEDGER_RETENTION } from './retention.js';
import { LEDGER_RIGHTS } from './rights.js';

export const LEDGER_SCHEMA: DatabaseSchema = {
  migrations: LEDGER_MIGRATIONS,
  rights: LEDGER_RIGHTS,
  retention: LEDGER_RETENTION,
};
