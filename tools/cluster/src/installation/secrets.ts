import { readFileSync } from 'node:fs';
import {
  ownerUrl,
  SERVICE_NAMES,
  SIMULATED_NAMES,
  type Environment,
  type ServiceName,
} from '@sluice/stack';
import type { Servers } from './servers.js';
import { AUDIT_SECRETS, AUDITOR, KAFKA_CA, POSTGRES_CA } from './environments.js';

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

export const CA_CONFIG_MAP = 'sluice-ca';
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
