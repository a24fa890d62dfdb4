import { spawnSync } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { workspaceRoot } from '@sluice/test-servers';
import { ofEach, SERVICE_NAMES, specOf, type ServiceName } from './tables/services.js';
import {
  connectorEnvironment,
  serviceEnvironment,
  type Environment,
} from './system/service-environment.js';
import { writeWalletFiles } from './chains/wallet-files.js';
import { loadSecrets, provideAuditKeys, writeMessageKeys } from './system/stack-secrets.js';
import { layoutOf, type Layout } from './layout/layout.js';
import { aSystemContext } from './testkit/samples.js';
import {
  BAD_ANYWHERE,
  BAD_IN_PRODUCTION,
  BAD_IN_THE_ENVIRONMENT,
  ENCRYPTED,
  PASSWORD,
} from './testkit/bad-configurations.js';
import { readConfigurations, withSecretsInFiles } from './read-configurations.js';
import {
  isSimulated,
  SIMULATED_NAMES,
  simulatedOf,
  venueOfConnector,
  type SimulatedName,
} from './tables/venues.js';

const PEM = generateKeyPairSync('ed25519')
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();
/** Where the wallet's keys are on a laptop, and in production. */
const SEALED = { SIGNER_KEY_STORE: '', SIGNER_KEYS_FILE: '', SIGNER_KEYS_KEK: '' };
const IN_HARDWARE = {
  SIGNER_KEY_STORE: 'pkcs11',
  PKCS11_MODULE: '/usr/lib/pkcs11.so',
  PKCS11_TOKEN: 'sluice',
  PKCS11_PIN: PASSWORD,
};

describe('a service that starts with', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bad-'));
  const layout = layoutOf(join(folder, 'stack'));
  writeMessageKeys(layout, loadSecrets(layout.secrets));
  writeWalletFiles(layout, loadSecrets(layout.secrets), () => 'https://node.example/v3/key');
  const tls = aPairOfPemFiles(folder);
  const inProduction = (service: ServiceName, change: Environment = {}): Environment =>
    withSecretsInFiles(
      { ...environmentOf(service, 'production', layout), ...tls, ...change },
      folder,
    );
  const outside = (service: ServiceName, change: Environment = {}): Environment => ({
    ...environmentOf(service, 'development', layout),
    ...tls,
    ...change,
  });
  const plainly = (service: ServiceName, change: Environment = {}): Environment =>
    Object.fromEntries(
      Object.entries({ ...inProduction(service), ...change }).filter(
        ([name]) => !(name.replace(/_FILE$/, '') in change) || name in change,
      ),
    );

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('a good configuration refuses nothing of it, in production and outside', () => {
    const good = SERVICE_NAMES.flatMap((service) => [
      { service, env: inProduction(service) },
      { service, env: outside(service) },
    ]);

    expect(readConfigurations(good)).toEqual(good.map(() => null));
  });

  /** All of a table at once: each process that reads takes a second to start. */
  const readAll = (table: typeof BAD_ANYWHERE, env: typeof outside) => {
    let said: readonly (string | null)[] | undefined;
    const readings = table.flatMap((bad) =>
      bad.of.map((service) => ({ bad, service, env: () => env(service, bad.change) })),
    );
    return (bad: (typeof table)[number]): readonly (string | null)[] => {
      said ??= readConfigurations(readings.map((one) => ({ ...one, env: one.env() })));
      return said.filter((_sentence, index) => readings[index]?.bad === bad);
    };
  };

  describe.each([
    ['anywhere', BAD_ANYWHERE, inProduction],
    ['anywhere, outside of production too', BAD_ANYWHERE, outside],
    ['in production', BAD_IN_PRODUCTION, inProduction],
    ['in production', BAD_IN_THE_ENVIRONMENT, plainly],
  ])('refuses %s', (_where, table, env) => {
    const saidOf = readAll(table, env);

    it.each(table.map((bad) => [titleOf(bad), bad] as const))('%s', (_title, bad) => {
      const said = saidOf(bad);

      expect(said).toEqual(bad.of.map(() => expect.stringContaining(bad.fault)));
      for (const secret of secretsOf(bad.change)) expect(said.join()).not.toContain(secret);
    });
  });

  it('what only production refuses is taken outside', () => {
    const saidOf = readAll(BAD_IN_PRODUCTION, outside);

    for (const bad of BAD_IN_PRODUCTION)
      expect([titleOf(bad), ...saidOf(bad)]).toEqual([titleOf(bad), ...bad.of.map(() => null)]);
  });

  it('many faults hears of all of them at once', () => {
    const change = {
      KAFKA_BROKERS: 'kafka',
      METRICS_TOKEN: 'x',
      DATABASE_URL: 'mysql://a/b',
      PORT: '0',
      RETENTION_DAY: '9',
      NODE_TLS_REJECT_UNAUTHORIZED: '0',
      LOG_LEVEL: 'loud',
    };
    const [said] = readConfigurations([{ service: 'ledger', env: inProduction('ledger', change) }]);

    expect(said?.split(/; (?!did)/)).toHaveLength(Object.keys(change).length);
  });

  it.each(SERVICE_NAMES)('one fault ends as %s with its sentence alone, unconnected', (service) => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(workspaceRoot(), 'apps', service, 'dist', 'main.js')],
      { env: inProduction(service, { PORT: '70000' }), encoding: 'utf8' },
    );

    const sentence = 'configuration: PORT must be a port, at most 65535\n';
    expect([status, stdout, stderr]).toEqual([1, '', sentence]);
  });
});

/** Names the variables without their values, which may be random. */
function titleOf({ of, change, fault }: (typeof BAD_ANYWHERE)[number]): string {
  return `${of.length === 1 ? of[0] : `${of.length} services`}, ${Object.keys(change).join(' and ')}: ${fault}`;
}

function environmentOf(service: ServiceName, mode: string, layout: Layout): Environment {
  const context = {
    ...aSystemContext(),
    brokers: ['kafka-1.example:9092', 'kafka-2.example:9092'],
    databases: ofEach(SERVICE_NAMES, () => ENCRYPTED),
    secrets: loadSecrets(layout.secrets),
    walletKeys: layout.walletKeys,
    chainsFor: layout.chainsFor,
    messageKeysOf: layout.messageKeysOf,
    auditKeys: provideAuditKeys(layout),
    issuer: 'https://login.example',
    logLevel: 'info',
  };
  const venue = venueOfConnector(service);
  const env =
    venue !== undefined && isSimulated(venue)
      ? connectorEnvironment(context, venue, credentialsOf(venue), 'real')
      : serviceEnvironment(context, service);
  // The text itself, so that a row may change it; production finds it in a file as all secrets.
  const { MESSAGE_KEYS_FILE, ...others } = env;
  const { keepsWalletKeys, auditsVenues, callsAll } = specOf(service);
  const ofLaptops = mode === 'production' && keepsWalletKeys ? Object.keys(SEALED) : [];
  return {
    ...Object.fromEntries(Object.entries(others).filter(([name]) => !ofLaptops.includes(name))),
    ...(mode === 'production' && keepsWalletKeys && IN_HARDWARE),
    ...(auditsVenues && realAddresses()),
    ...(callsAll && { CONSOLE_URL: 'https://console.example' }),
    MESSAGE_KEYS: readFileSync(MESSAGE_KEYS_FILE ?? '', 'utf8'),
    NODE_ENV: mode,
    METRICS_TOKEN: randomBytes(32).toString('hex'),
    ABSENCE_AFTER_MS: '900000',
  };
}

/** The venues' own addresses, for the auditor. */
function realAddresses(): Environment {
  const venues = SIMULATED_NAMES.map(simulatedOf);
  return Object.fromEntries(
    venues.flatMap(({ audit, productionUrl }) => (audit ? [[audit.address, productionUrl]] : [])),
  );
}

/** The content is checked only on use. */
function aPairOfPemFiles(folder: string): Environment {
  const write = (name: string): string => {
    const file = join(folder, name);
    writeFileSync(file, PEM, { mode: 0o600 });
    return file;
  };
  return {
    TLS_CERT_FILE: write('cert.pem'),
    TLS_KEY_FILE: write('key.pem'),
    KAFKA_TLS_CA_FILE: write('ca.pem'),
  };
}

function credentialsOf(venue: SimulatedName): Record<string, string> {
  return {
    base_url: simulatedOf(venue).productionUrl,
    api_key: 'an-id',
    client_id: 'an-id',
    key_id: 'an-id',
    api_secret: PASSWORD,
    memo: PASSWORD,
    client_secret: PASSWORD,
    private_key: PEM,
    webhook_public_key: '',
  };
}

/** The good ones, and what a bad one may hold of them. */
function secretsOf(change: Environment): readonly string[] {
  const changed = ['METRICS_TOKEN', 'SECRETS_KEK'].map((name) => change[name] ?? '');
  return [PASSWORD, 'hush', PEM.split('\n')[1] ?? '', ...changed].filter(
    ({ length }) => length > 1,
  );
}
