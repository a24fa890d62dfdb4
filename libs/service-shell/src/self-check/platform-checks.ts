import type { DatabaseSchema, Query } from '@sluice/postgres';
import type { ServiceConfig } from '../settings/config.js';
import type { Platform } from '../platform/platform.js';
import { certificatesCheck } from './certificates.check.js';
import { databaseClockCheck } from './clocks.check.js';
import { databaseLoginCheck } from './database-login.check.js';
import { databaseRightsCheck } from './database-rights.check.js';
import { databaseSessionCheck } from './database-session.check.js';
import { encryptionCheck } from './encryption.check.js';
import { foreignGrantsCheck } from './foreign-grants.check.js';
import { issuerCheck } from './issuer.check.js';
import { SelfChecks } from './self-checks.js';

/** Self-checks of every service; connectors add a check of the venue. */
export function platformChecks(
  { database }: Pick<Platform, 'database'>,
  config: ServiceConfig,
  schema: DatabaseSchema,
): SelfChecks {
  const query: Query = (sql, params) => database.query(sql, params);
  const checks = new SelfChecks();
  checks.add(
    databaseSessionCheck(database),
    databaseLoginCheck(query),
    databaseRightsCheck(query, schema),
    foreignGrantsCheck(query),
    databaseClockCheck(database.clock),
    encryptionCheck(config, query),
    certificatesCheck(config, () => database.clock.now()),
    issuerCheck(config),
  );
  return checks;
}
