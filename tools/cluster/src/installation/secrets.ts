import { readFileSync } from 'node:fs';
import { randomInt } from 'node:crypto';
import {
  CHAIN_NAMES,
  SERVICE_NAMES,
  SIMULATED_NAMES,
  VENUE_NAMES,
  connectorOf,
  coreWith,
  ofEach,
  ownerUrl,
  settingsOf,
  specOf,
  type Environment,
  type ServiceName,
} from '@sluice/stack';
import type { Servers } from './servers.js';
import { AUDITOR, AUDIT_SECRETS, AUDIT_SETTINGS, KAFKA_CA, POSTGRES_CA } from './environments.js';

/** Entry of a service in the chart's list (deploy/helm/sluice/files/services.json). */
interface ChartService {
  readonly isPublic: boolean;
  /** Variables read from the service's Secret. */
  readonly secrets: readonly string[];
  /** Variables required in the values. */
  readonly settings: readonly string[];
  /** Additional secrets of the wallet's key store, by SIGNER_KEY_STORE. */
  readonly keyStores?: Readonly<Record<'file', { readonly secrets: readonly string[] }>>;
}
export type ChartServices = Readonly<Record<ServiceName, ChartService>>;

const CA_CONFIG_MAP = 'sluice-ca';
const TEST_CLIENT = 'demo';
const TEST_APPROVER = 'peter';

/**
 * Creates every Secret and ConfigMap required by docs/deployment.md, and the network policy for the
 * venues outside the cluster.
 */
export async function objectsToMake(
  servers: Servers,
  services: ChartServices,
  environments: Readonly<Record<ServiceName, Environment>>,
  release: string,
): Promise<readonly object[]> {
  const { authority, secrets, issuer, host, ports } = servers;
  const place = { host, port: ports.postgres, caFile: POSTGRES_CA };
  const ofServices = await Promise.all(
    SERVICE_NAMES.map(async (name) => {
      const { certificate, key } = await authority.issue({ hosts: hostsOf(release, name) });
      return [
        secret(
          `sluice-${name}`,
          secretData(
            [...secretsOf(services[name]), ...(name === AUDITOR ? AUDIT_SECRETS : [])],
            environments[name],
          ),
        ),
        secret(`sluice-${name}-owner`, {
          'database-owner-url': ownerUrl(name, secrets, place),
        }),
        secret(`sluice-${name}-tls`, { 'tls.crt': certificate, 'tls.key': key }),
      ];
    }),
  );
  return [
    ...ofServices.flat(),
    venuesPolicy(
      host,
      SIMULATED_NAMES.map((venue) => ports[`simulator-${venue}`]),
    ),
    configMap(CA_CONFIG_MAP, { 'ca.pem': authority.certificate }),
    secret('sluice-kafka-admin', { 'admin.properties': adminProperties(secrets.kafkaAdmin) }),
    secret('sluice-test', {
      'client-id': TEST_CLIENT,
      'client-secret': issuer.people[TEST_CLIENT] ?? '',
      'approver-id': TEST_APPROVER,
      'approver-secret': issuer.people[TEST_APPROVER] ?? '',
    }),
  ];
}

/** Secrets of a service. Wallet keys of a throw-away cluster are in a sealed file. */
function secretsOf({ secrets, keyStores }: ChartService): readonly string[] {
  return [...secrets, ...(keyStores?.file.secrets ?? [])];
}

/** Returns the chart's keys of the given variables, each with the service's value. */
export function secretData(
  variables: readonly string[],
  environment: Environment,
): Readonly<Record<string, string>> {
  const entries = variables.map((variable) => [
    variable.toLowerCase().replaceAll('_', '-'),
    valueOf(variable, environment),
  ]);
  return Object.fromEntries(entries) as Record<string, string>;
}

function valueOf(variable: string, environment: Environment): string {
  const file = environment[`${variable}_FILE`];
  const value = file === undefined ? environment[variable] : readFileSync(file, 'utf8');
  if (value !== undefined) return value;
  throw new Error(`the stack has no ${variable}, which the chart requires`);
}

/** Host names of the service's Services, plus localhost for a forwarded port. */
function hostsOf(release: string, name: ServiceName): readonly string[] {
  return [`${release}-${name}`, `${release}-${name}-admin`, 'localhost'];
}

function adminProperties(password: string): string {
  const module = 'org.apache.kafka.common.security.plain.PlainLoginModule';
  return `security.protocol=SASL_SSL
ssl.truststore.type=PEM
ssl.truststore.location=${KAFKA_CA}
sasl.mechanism=PLAIN
sasl.jaas.config=${module} required username="admin" password="${password}";
`;
}

function secret(name: string, stringData: Readonly<Record<string, string>>): object {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name }, stringData };
}

/** The chart's policies let pods reach only the simulator of the chart. */
function venuesPolicy(host: string, ports: readonly number[]): object {
  const to = [{ ipBlock: { cidr: `${host}/32` } }];
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'venues-of-the-proof' },
    spec: {
      podSelector: {},
      policyTypes: ['Egress'],
      egress: [{ to, ports: ports.map((port) => ({ port })) }],
    },
  };
}

function configMap(name: string, data: Readonly<Record<string, string>>): object {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data };
}

interface ValuesOptions {
  readonly imagePrefix: string;
  /** True if the cluster already has the images and cannot pull. */
  readonly imagesAreThere: boolean;
  /** User id of every pod; null: the chart's default. */
  readonly userId: number | null;
}

/** First user id of the ranges that OpenShift gives to namespaces. */
const FIRST_RANDOM_ID = 1_000_000_000;

/** Returns a user id that no image names. */
export const randomUserId = (): number => FIRST_RANDOM_ID + randomInt(1_000_000_000);

/** Settings of a connector besides the settings of the venue. */
const TIMES = ['ABSENCE_AFTER_MS', 'RATE_PLAN'];

/** The values of an installation with every connector: of simulated venues, and of our own wallet on chains of this machine. */
export function valuesOf(
  { host, ports, issuer }: Pick<Servers, 'host' | 'ports' | 'issuer'>,
  services: ChartServices,
  environments: Readonly<Record<ServiceName, Environment>>,
  { imagePrefix, imagesAreThere, userId }: ValuesOptions,
): Readonly<Record<string, unknown>> {
  const ca = { configMap: CA_CONFIG_MAP };
  const machine = [{ ipBlock: { cidr: `${host}/32` } }];
  return {
    mode: 'development',
    image: { prefix: imagePrefix, pullPolicy: imagesAreThere ? 'Never' : 'IfNotPresent' },
    kafka: { brokers: [`${host}:${ports.kafka}`], ca },
    postgres: { ca },
    tls: { ca },
    oidc: { issuer: issuer.url },
    ...(userId !== null && {
      podSecurityContext: { runAsUser: userId, runAsGroup: 0, fsGroup: userId },
    }),
    topics: { partitions: 6, replicationFactor: 1, config: '', logins: true },
    // For `helm test`. The payments of the proof use the venues outside the chart.
    simulators: { enabled: true },
    toolbox: { enabled: true },
    test: { tokenUrl: issuer.tokenUrl },
    // Low requests, because two instances of each service share the machine with other work.
    defaults: {
      resources: {
        requests: { cpu: '20m', memory: '160Mi' },
        limits: { cpu: '2', memory: '2304Mi' },
      },
    },
    network: {
      kafka: { peers: machine, ports: [ports.kafka] },
      postgres: { peers: machine, ports: [ports.postgres] },
      issuer: { peers: machine, ports: [ports.issuer] },
      nodes: { peers: machine, ports: CHAIN_NAMES.map((name) => ports[name]) },
      operators: { peers: machine },
    },
    services: ofEach(coreWith(VENUE_NAMES), (name) => serviceValues(name, environments[name])),
    connectors: VENUE_NAMES.map((venue) => {
      const name = connectorOf(venue);
      return {
        venue,
        secret: `sluice-${name}`,
        ownerSecret: `sluice-${name}-owner`,
        env: pick(environments[name], [...services[name].settings, ...TIMES]),
      };
    }),
  };
}

function serviceValues(name: ServiceName, environment: Environment): object {
  const keys = specOf(name).keepsWalletKeys ? { SIGNER_KEY_STORE: 'file' } : {};
  if (name !== AUDITOR) return { env: { ...settingsOf(name), ...keys } };
  const env = { ...settingsOf(name), ...pick(environment, AUDIT_SETTINGS) };
  return { env, moreSecrets: AUDIT_SECRETS };
}

function pick(environment: Environment, names: readonly string[]): Environment {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = environment[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
