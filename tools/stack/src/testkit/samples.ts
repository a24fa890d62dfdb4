import { endpointOf, type AdminEndpoints, type RunFile } from '../layout/run-file.js';
import { CALLING_NAMES, SERVICE_NAMES, ofEach } from '../tables/services.js';
import { FIRST_VENUE } from '../tables/venues.js';
import { DOWNSTREAM } from '../tables/credentials.js';
import type { SystemContext } from '../system/service-environment.js';
import { PORT_NAMES, type StackPorts } from '../layout/layout.js';

/** Returns the run file of a system with all services, with the given pid of the ledger. */
export function aRunFile(ledgerPid: number): RunFile {
  const urls = SERVICE_NAMES.map((name, index) => [
    endpointOf(name),
    `http://127.0.0.1:${index + 1}`,
  ]);
  return {
    intake_url: 'http://127.0.0.1:101',
    webhooks_url: 'http://127.0.0.1:105',
    kafka_brokers: ['127.0.0.1:102'],
    databases: ofEach(SERVICE_NAMES, (name) => `postgres://${name}`),
    simulators: { [FIRST_VENUE]: 'http://127.0.0.1:103' },
    processes: { ledger: ledgerPid },
    internal: Object.fromEntries(urls) as AdminEndpoints,
    issuer: { token_url: 'http://127.0.0.1:104/token', people: { demo: 'p' } },
  };
}

/** Ports counted from 1, and a database for each service. */
export function aSystemContext(): SystemContext {
  return {
    ports: Object.fromEntries(PORT_NAMES.map((name, index) => [name, index + 1])) as StackPorts,
    tls: null,
    secrets: {
      postgres: 'p',
      databases: ofEach(SERVICE_NAMES, () => 'd'),
      secretsKek: 'kek',
      webhooksKek: 'kek of webhooks',
      sessionsKek: 'kek of the console',
      messageKeys: {},
      serviceKeys: ofEach(CALLING_NAMES, () => '{"kid":"1","d":"private"}'),
      chainKey: 'chain key',
      chainSigningKey: 'signing key',
      eventsSigningKey: Buffer.alloc(32, 'events').toString('base64'),
      auditorSigningKey: Buffer.alloc(32, 'auditor').toString('base64'),
      owners: ofEach(SERVICE_NAMES, () => 'o'),
      walletKeys: ['k'],
      walletKek: 'kek of the wallet',
      kafkaAdmin: 'a',
      kafka: { ...ofEach(SERVICE_NAMES, (name) => `k-${name}`), [DOWNSTREAM]: 'k' },
    },
    brokers: ['h1:1', 'h2:2'],
    kafkaAsksLogins: true,
    databases: ofEach(SERVICE_NAMES, (name) => `postgres://${name}`),
    issuer: 'http://issuer',
    consoleSecret: 'secret-of-the-console',
    auditKeys: ofEach(SERVICE_NAMES, (name) => `keys/${name}.audit`),
    logLevel: 'warn',
    walletKeys: '/keys/wallet.sealed',
    chainsFor: (name) => `/keys/${name}.chains`,
    messageKeysOf: (name) => `/keys/${name}.json`,
  };
}
