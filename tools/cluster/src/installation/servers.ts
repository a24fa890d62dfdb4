import { join } from 'node:path';
import { believeAuthority } from '@sluice/admin-client';
import {
  CertificateAuthority,
  ensureServiceDatabases,
  LocalIssuer,
  startKafka,
  startPostgres,
  writeServerTls,
  type ProcessGuard,
  type SupervisedProcess,
} from '@sluice/test-servers';
import {
  adminLogin,
  databasesOf,
  layoutOf,
  loadPorts,
  loadSecrets,
  provideAuditKeys,
  provideChains,
  SERVICE_NAMES,
  writeMessageKeys,
  type ChainNetwork,
  type Layout,
  type RunningChain,
  type StackPorts,
  type StackSecrets,
} from '@sluice/stack';

interface ServersOptions {
  readonly folder: string;
  /** Address of this machine for pods. */
  readonly host: string;
  /** The pods' addresses, as PostgreSQL writes them. */
  readonly clients: string;
  readonly guard: ProcessGuard;
  readonly java: string;
}

/**
 * Connection limit: pools of 10, two instances of each service, plus an extra instance during a
 * rollout.
 */
const MOST_CONNECTIONS = 10 * 3 * SERVICE_NAMES.length;

/**
 * Servers outside the chart and the cluster: Kafka, PostgreSQL and a token issuer, all only over
 * TLS, and a node for each chain.
 */
export interface Servers {
  readonly host: string;
  readonly layout: Layout;
  readonly ports: StackPorts;
  readonly secrets: StackSecrets;
  readonly authority: CertificateAuthority;
  /** PEM of the authority behind every certificate. */
  readonly caFile: string;
  readonly issuer: LocalIssuer;
  /** The chains of our own wallet. */
  readonly chains: Readonly<Record<ChainNetwork, RunningChain>>;
  stop(): Promise<void>;
}

export async function startServers(options: ServersOptions): Promise<Servers> {
  const { host, guard } = options;
  const layout = layoutOf(options.folder);
  const [ports, secrets] = [await loadPorts(layout.ports), loadSecrets(layout.secrets)];
  writeMessageKeys(layout, secrets);
  provideAuditKeys(layout);
  const authority = await CertificateAuthority.create();
  const tlsOf = (server: string) =>
    writeServerTls(join(layout.tls, server), authority, {
      hosts: ['localhost', '127.0.0.1', host],
    });
  const [kafkaTls, postgresTls] = [await tlsOf('kafka'), await tlsOf('postgres')];
  believeAuthority(kafkaTls.caFile);

  const postgres = await startPostgres({
    dataDir: layout.postgres,
    port: ports.postgres,
    beyond: { host, clients: [options.clients] },
    password: secrets.postgres,
    tls: postgresTls,
    settings: { max_connections: `${MOST_CONNECTIONS}` },
    logFile: layout.logOf('postgres'),
    guard,
  });
  await ensureServiceDatabases(postgres.adminUrl('postgres'), databasesOf(SERVICE_NAMES, secrets));
  const kafka = await startKafka({
    dataDir: layout.kafka,
    host,
    port: ports.kafka,
    controllerPort: ports.kafkaController,
    admin: adminLogin(secrets.kafkaAdmin),
    tls: kafkaTls,
    java: options.java,
    logFile: layout.logOf('kafka'),
    guard,
  });
  const issuer = await LocalIssuer.start({ file: layout.issuer, port: ports.issuer, host });
  const nodes: SupervisedProcess[] = [];
  const chains = await provideChains({
    layout,
    ports,
    guard,
    host,
    pace: 'real',
    options: { kept: false },
    walletKeys: secrets.walletKeys,
    walletKek: secrets.walletKek,
    events: {},
    adopt: (node) => nodes.push(node),
  });
  const stop = async (): Promise<void> => {
    await Promise.all([issuer, kafka, postgres, ...nodes].map((one) => one.stop()));
  };
  const caFile = kafkaTls.caFile;
  return { host, layout, ports, secrets, authority, caFile, issuer, chains, stop };
}
