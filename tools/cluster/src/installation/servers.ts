import {
  accessOf,
  layoutOf,
  openSite,
  provideChains,
  provideTls,
  SERVICE_NAMES,
  SIMULATED_NAMES,
  simulatedOf,
  simulatorSpec,
  startKafkaOf,
  startPostgresOf,
  startServiceProcess,
  type ChainNetwork,
  type RunningChain,
  type SimulatedName,
  type StackSite,
} from '@sluice/stack';
import {
  LocalIssuer,
  type CertificateAuthority,
  type KafkaAccess,
  type ProcessGuard,
  type SupervisedProcess,
} from '@sluice/test-servers';

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
 * TLS, a node for each chain, and the simulated venues. The venues' books outlive every upgrade of
 * the chart.
 */
export interface Servers extends Pick<StackSite, 'layout' | 'ports' | 'secrets'> {
  readonly host: string;
  readonly authority: CertificateAuthority;
  /** PEM of the authority behind every certificate. */
  readonly caFile: string;
  readonly issuer: LocalIssuer;
  /** Kafka as its administrator. */
  readonly kafka: KafkaAccess;
  /** The chains of our own wallet. */
  readonly chains: Readonly<Record<ChainNetwork, RunningChain>>;
  stop(): Promise<void>;
}

export async function startServers(options: ServersOptions): Promise<Servers> {
  const { host, guard, java } = options;
  const layout = layoutOf(options.folder);
  const tls = await provideTls(layout.tls, host);
  const running: SupervisedProcess[] = [];
  const adopt = (process: SupervisedProcess): void => void running.push(process);
  const site = await openSite({ layout, guard, java, tls, adopt });
  const plan = {
    databases: SERVICE_NAMES,
    beyond: { host, clients: [options.clients] },
    postgres: { settings: { max_connections: `${MOST_CONNECTIONS}` } },
    restart: false,
  };
  await startPostgresOf(site, plan);
  const kafka = accessOf(await startKafkaOf(site, plan));
  const { ports, secrets } = site;
  const issuer = await LocalIssuer.start({ file: layout.issuer, port: ports.issuer, host });
  const venues = startVenues(site, host);
  const chains = await provideChains({
    ...site,
    walletKeys: secrets.walletKeys,
    walletKek: secrets.walletKek,
    host,
    pace: 'real',
    options: { kept: false },
  });
  adopt(await venues);
  const stop = async (): Promise<void> => {
    await Promise.all([issuer, ...running].map((one) => one.stop()));
  };
  const { authority, caFile } = tls;
  return { host, layout, ports, secrets, authority, caFile, issuer, kafka, chains, stop };
}

function startVenues(site: StackSite, host: string): Promise<SupervisedProcess> {
  const spec = simulatorSpec(site, SIMULATED_NAMES, 'info', 'fast');
  return startServiceProcess(
    {
      ...spec,
      args: [...(spec.args ?? []), '--host', host],
      readyUrls: SIMULATED_NAMES.map(
        (venue) => `${simulatorUrl({ host, ports: site.ports }, venue)}/_sim/credentials`,
      ),
    },
    site,
  );
}

/** Address of a simulated venue for pods and for this machine. */
export function simulatorUrl(
  { host, ports }: Pick<Servers, 'host' | 'ports'>,
  venue: SimulatedName,
): string {
  return `http://${host}:${ports[`simulator-${venue}`]}`;
}

/** Address of the venue's API, as a connector needs it. */
export function venueApiUrl(
  servers: Pick<Servers, 'host' | 'ports'>,
  venue: SimulatedName,
): string {
  return `${simulatorUrl(servers, venue)}${simulatedOf(venue).basePath ?? ''}`;
}
