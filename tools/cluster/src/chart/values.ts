import { connectorOf, isSimulated, SERVICE_NAMES, simulatedOf, VENUE_NAMES } from '@sluice/stack';

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
    'operators',
    'monitoring',
  ].map((name, index) => [`192.0.2.${index + 1}/32`, name]),
);

/** Production address of each venue. */
const REAL: Readonly<Record<string, string>> = {
  gateio: 'https://api.gateio.ws/api/v4',
  bitmart: 'https://api-cloud.bitmart.com',
  bybit: 'https://api.bybit.com',
  upvest: 'https://api.upvest.co',
};

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
    oidc: { issuer: 'https://login.example' },
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
    topics: { logins: true },
    image: { pullSecrets: [{ name: 'registry' }] },
    network,
    connectors: VENUE_NAMES.map((venue) => ({
      venue,
      secret: `sluice-${connectorOf(venue)}`,
      ownerSecret: `sluice-${connectorOf(venue)}-owner`,
      env: settingsOf(venue),
    })),
  };
}

/** All services of the installation. */
export const SERVICES = SERVICE_NAMES;

function settingsOf(venue: (typeof VENUE_NAMES)[number]): object {
  const credentials = isSimulated(venue) ? simulatedOf(venue).credentials : {};
  const own = Object.entries(credentials).flatMap(([variable, field]) => {
    if (field === 'base_url') return [[variable, REAL[venue]]];
    return /^(api_key|client_id|key_id)$/.test(field) ? [[variable, 'an-id']] : [];
  });
  const webhooks = venue === 'upvest' ? [['UPVEST_WEBHOOK_PORT', '8082']] : [];
  return Object.fromEntries([...own, ...webhooks]) as object;
}
