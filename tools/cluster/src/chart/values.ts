import { programOf } from '@sluice/messages';
import {
  connectorOf,
  FURTHER_ACCOUNTS,
  isSimulated,
  SERVICE_NAMES,
  simulatedOf,
  VENUE_NAMES,
  type VenueName,
} from '@sluice/stack';

/** Address of each group of peers, used to identify the edges of a policy. */
export const GROUPS: ReadonlyMap<string, string> = new Map(
  [
    'dns',
    'kafka',
    'postgres',
    'issuer',
    'collector',
    'venues',
    'nodes',
    'receivers',
    'customers',
    'browsers',
    'operators',
    'monitoring',
    'proxy',
  ].map((name, index) => [`192.0.2.${index + 1}/32`, name]),
);

/** Values of an installation with all features. */
export function everything(): object {
  const network = Object.fromEntries(
    [...GROUPS].map(([cidr, name]) => [name, { peers: [{ ipBlock: { cidr } }] }]),
  );
  return {
    kafka: {
      brokers: ['kafka-1.example:9093', 'kafka-2.example:9093'],
      ca: { configMap: 'kafka-ca' },
    },
    postgres: { ca: { configMap: 'postgres-ca' } },
    tls: { ca: { configMap: 'internal-ca' } },
    oidc: { issuer: 'https://login.example', ca: { configMap: 'issuer-ca' } },
    traces: { endpoint: 'https://collector.example:4318', ca: { configMap: 'collector-ca' } },
    defaults: { autoscaling: { lag: 1000 } },
    services: {
      signer: {
        env: { PKCS11_MODULE: '/hsm/pkcs11.so', PKCS11_TOKEN: 'sluice' },
        volumes: [
          {
            name: 'hsm',
            mountPath: '/hsm',
            source: { persistentVolumeClaim: { claimName: 'hsm' } },
          },
        ],
      },
    },
    console: {
      enabled: true,
      url: 'https://console.example',
      traceUrl: 'https://traces.example/trace/{trace_id}',
    },
    topics: { logins: true },
    image: { pullSecrets: [{ name: 'registry' }] },
    network,
    connectors: VENUE_NAMES.map((venue) => ({
      venue: programOf(venue),
      ...(FURTHER_ACCOUNTS.some((account) => account === venue) && { account: venue }),
      secret: `sluice-${connectorOf(venue)}`,
      ownerSecret: `sluice-${connectorOf(venue)}-owner`,
      env: settingsOf(venue),
    })),
  };
}

/** All services of the installation. */
export const SERVICES = SERVICE_NAMES;

function settingsOf(venue: VenueName): object {
  if (!isSimulated(venue)) return {};
  const { credentials, productionUrl, productionSettings } = simulatedOf(venue);
  const own = Object.entries(credentials).flatMap(([variable, field]) => {
    if (field === 'base_url') return [[variable, productionUrl]];
    return /^(api_key|client_id|key_id)$/.test(field) ? [[variable, 'an-id']] : [];
  });
  return { ...(Object.fromEntries(own) as object), ...productionSettings };
}
