import { RETENTION_CUTOFF, RETENTION_CUTOFF_ID, type DatabaseSchema } from '@sluice/postgres';
import { CONSOLE_MIGRATIONS } from './migrations.js';

/** A session keeps its person, its browser and its absolute end; only use, tokens and end change. */
export const CONSOLE_SCHEMA: DatabaseSchema = {
  migrations: CONSOLE_MIGRATIONS,
  rights: {
    tables: {
      login_attempt: 'SELECT, INSERT, DELETE',
      session:
        'SELECT, INSERT, UPDATE (roles, last_used_at, tokens, tokens_at, access_expires_at, refresh_tried_at, ended_at, ended_by, ended_because)',
    },
  },
  retention: [
    {
      table: 'session',
      key: 'id',
      keyType: 'uuid',
      keyBelow: RETENTION_CUTOFF_ID,
      ended: `t.ended_at < ${RETENTION_CUTOFF} AND t.created_at < ${RETENTION_CUTOFF}`,
    },
  ],
};
