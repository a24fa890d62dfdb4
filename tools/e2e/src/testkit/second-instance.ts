import { join } from 'node:path';
import { layoutOf, loadSecrets, type FirstVenue } from '@sluice/stack';
import { freePort } from '@sluice/test-servers';
import { shortTimes, type TestSystem } from './given-system.js';
import { chainSecrets } from './chain-secrets.js';
import { kafkaEnvironment } from './kafka-access.js';
import { launchService, type Instance } from './launch-service.js';

type Doubled = 'intake-api' | 'ledger' | `connector-${FirstVenue}`;

/**
 * Starts a second process of a service in addition to the supervised process: same database, same
 * consumer group, other ports.
 */
export async function startSecond(sluice: TestSystem, service: Doubled): Promise<Instance> {
  return launchService({
    service,
    home: sluice.system.home,
    environment: await environmentOf(sluice, service),
  });
}

async function environmentOf(
  sluice: TestSystem,
  service: Doubled,
): Promise<Record<string, string>> {
  const { databases, internal, ca_file: caFile } = sluice.system.run;
  const common = {
    NODE_ENV: 'development',
    ...kafkaEnvironment(sluice.system, service),
    DATABASE_URL: databases[service],
    MESSAGE_KEYS_FILE: layoutOf(sluice.system.home).messageKeysOf(service),
    OIDC_ISSUER: sluice.system.issuer.url,
    AUDIT_KEY_FILE: layoutOf(sluice.system.home).auditKeysOf(service),
    ...(caFile !== undefined && certificateOf(sluice, service)),
    ...shortTimes(service),
  };
  const { secretsKek, serviceKeys } = loadSecrets(layoutOf(sluice.system.home).secrets);
  if (service === 'ledger') return { ...common, ...chainSecrets(sluice.system.home) };
  if (service === 'intake-api') {
    return {
      ...common,
      INTERNAL_PORT: `${await freePort()}`,
      LEDGER_URL: internal.ledger,
      ...(caFile !== undefined && { INTERNAL_CA_FILE: caFile }),
      SECRETS_KEK: secretsKek,
      SERVICE_KEY: serviceKeys['intake-api'],
    };
  }
  const { base_url, api_key, api_secret } = (await sluice.venue.credentials()) as Record<
    string,
    string
  >;
  return {
    ...common,
    GATEIO_BASE_URL: base_url ?? '',
    GATEIO_API_KEY: api_key ?? '',
    GATEIO_API_SECRET: api_secret ?? '',
    RATE_PLAN: JSON.stringify({ 'POST /withdrawals': { limit: 10_000, perMs: 1_000 } }),
  };
}

function certificateOf({ system }: TestSystem, service: Doubled): Record<string, string> {
  const folder = join(layoutOf(system.home).tls, service);
  return { TLS_CERT_FILE: join(folder, 'cert.pem'), TLS_KEY_FILE: join(folder, 'key.pem') };
}
