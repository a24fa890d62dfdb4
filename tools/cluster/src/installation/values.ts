import { randomInt } from 'node:crypto';
import {
  connectorOf,
  CHAIN_NAMES,
  coreWith,
  ofEach,
  settingsOf,
  specOf,
  VENUE_NAMES,
  type Environment,
  type ServiceName,
} from '@sluice/stack';
import { AUDIT_SECRETS, AUDIT_SETTINGS, AUDITOR } from './environments.js';
import { CA_CONFIG_MAP, type ChartServices } from './secrets.js';
import type { Servers } from './servers.js';

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
    topics: { replicationFactor: 1, config: '', logins: true },
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
