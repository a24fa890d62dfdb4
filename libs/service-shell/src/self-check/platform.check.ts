import type { DatabaseSchema, Query } from '@sluice/postgres';
import { fetchIssuerKeys, issuerPlaceOf, type IssuerSettings } from '../callers/issuer-keys.js';
import type { Platform } from '../platform/platform.js';
import type { ServiceConfig } from '../settings/config.js';
import { certificatesCheck, encryptionCheck } from './certificates.check.js';
import {
  databaseClockCheck,
  databaseLoginCheck,
  databaseRightsCheck,
  databaseSessionCheck,
  foreignGrantsCheck,
} from './database.check.js';
import { type SelfCheck, SelfChecks } from './self-checks.js';

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

/** Checks the issuer of people's tokens: the issuer must publish keys to this service. */
export function issuerCheck(settings: IssuerSettings): SelfCheck {
  return {
    name: 'issuer of tokens',
    look: async () => {
      const fault = await fetchIssuerKeys(issuerPlaceOf(settings)).then(
        ({ keys }) => (keys.length === 0 ? 'it publishes no keys' : null),
        (error: Error) => error.message,
      );
      if (fault === null) return {};
      return {
        findings: [
          {
            code: 'issuer-away',
            wrong: `The issuer ${settings.oidcIssuer} does not answer the query for its keys: ${fault}.`,
            follows:
              'Tokens with keys unknown to this service are answered 503: soon no operator can call it.',
            remedy:
              'Check OIDC_ISSUER, the issuer itself, and the network path from this service to the issuer. OIDC_CA_FILE must hold the CA of an issuer with a private CA.',
          },
        ],
      };
    },
  };
}
