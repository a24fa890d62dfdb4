import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  layoutOf,
  loadSecrets,
  ofEach,
  provideAuditKeys,
  readConfigurations,
  SERVICE_NAMES,
  serviceEnvironment,
  writeMessageKeys,
  writeWalletFiles,
  type Environment,
  type ServiceName,
  type SystemContext,
} from '@sluice/stack';
import { podsOf, type KubernetesObject } from './kubernetes-object.js';

const PASSWORD = randomBytes(18).toString('base64url');
const DATABASE = `postgres://someone:${PASSWORD}@db.example:5432/its?sslmode=verify-full`;
const PEM = generateKeyPairSync('ed25519')
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();

/** Fault reported by each service for the environment of its pod; null for a valid environment. */
export function settingsFaults(
  objects: readonly KubernetesObject[],
  folder: string,
): readonly (readonly [ServiceName, string | null])[] {
  const secrets = secretsIn(folder);
  const said = readConfigurations(
    SERVICE_NAMES.map((service) => ({
      service,
      env: mounted(environmentOf(objects, service), service, secrets(service), folder),
    })),
  );
  return SERVICE_NAMES.map((service, index) => [service, said[index] ?? null]);
}

function environmentOf(objects: readonly KubernetesObject[], service: ServiceName): Environment {
  const deployment = objects.find(
    ({ kind, metadata }) => kind === 'Deployment' && metadata.name === `pay-${service}`,
  );
  const names = (deployment ? podsOf(deployment) : [])
    .flatMap(({ containers }) => containers)
    .flatMap(({ envFrom = [] }) => envFrom.map(({ configMapRef }) => configMapRef.name));
  const maps = objects.filter(
    ({ kind, metadata }) => kind === 'ConfigMap' && names.includes(metadata.name),
  );
  return Object.assign({}, ...maps.map(({ data }) => data)) as Environment;
}

/** Environment with its files, created as the kubelet creates them from the Secret. */
function mounted(
  env: Environment,
  service: ServiceName,
  secrets: Environment,
  folder: string,
): Environment {
  const home = join(folder, service);
  mkdirSync(home);
  const files = Object.entries(env).filter(([, value]) => /^\/(?:secrets|ca|tls)\//.test(value));
  const paths = files.map(([variable, file]) => {
    const path = join(home, file.replaceAll('/', '_'));
    writeFileSync(path, secrets[variable.replace(/_FILE$/, '')] ?? '', { mode: 0o400 });
    return [variable, path];
  });
  return { ...env, ...(Object.fromEntries(paths) as Environment) };
}

/** Valid values of every secret, generated as in the local stack. */
function secretsIn(folder: string): (service: ServiceName) => Environment {
  const layout = layoutOf(join(folder, 'stack'));
  const secrets = loadSecrets(layout.secrets);
  writeMessageKeys(layout, secrets);
  const chains = JSON.stringify(
    writeWalletFiles(layout, secrets, () => 'https://node.example/v3/key'),
  );
  const auditKeys = provideAuditKeys(layout);
  const context: SystemContext = {
    ports: ofEach(SERVICE_NAMES, () => 1) as SystemContext['ports'],
    secrets,
    brokers: [],
    kafkaAsksLogins: true,
    databases: ofEach(SERVICE_NAMES, () => DATABASE),
    issuer: '',
    consoleSecret: 'secret-of-the-console',
    auditKeys,
    logLevel: '',
    tls: null,
    walletKeys: layout.walletKeys,
    chainsFor: layout.chainsFor,
    messageKeysOf: layout.messageKeysOf,
  };
  return (service) => ({
    ...serviceEnvironment(context, service),
    MESSAGE_KEYS: readFileSync(layout.messageKeysOf(service), 'utf8'),
    AUDIT_KEY: readFileSync(auditKeys[service] ?? '', 'utf8'),
    METRICS_TOKEN: randomBytes(32).toString('hex'),
    KAFKA_TLS_CA: PEM,
    INTERNAL_CA: PEM,
    OIDC_CA: PEM,
    OUTGOING_PROXY_URL: `http://sluice:${PASSWORD}@proxy.example:3128`,
    TLS_CERT: PEM,
    TLS_KEY: PEM,
    OTEL_EXPORTER_OTLP_CERTIFICATE: PEM,
    EVM_CHAINS: chains,
    PKCS11_PIN: PASSWORD,
    GATEIO_API_SECRET: PASSWORD,
    BITMART_API_SECRET: PASSWORD,
    BITMART_MEMO: PASSWORD,
    BYBIT_API_SECRET: PASSWORD,
    UPVEST_CLIENT_SECRET: PASSWORD,
    UPVEST_PRIVATE_KEY: PEM,
  });
}
