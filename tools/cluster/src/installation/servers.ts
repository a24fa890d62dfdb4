import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  SERVICE_NAMES,
  SIMULATED_NAMES,
  accessOf,
  layoutOf,
  openSite,
  provideChains,
  provideTls,
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
import { CHART } from '../chart/helm.js';
import { runProgram, type Kubectl } from '../programs/kubectl.js';
import type { ChartServices } from './secrets.js';

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

const LONGEST = '15m';
const WAIT = ['--wait', '--timeout', LONGEST];

/** Installs, upgrades, tests and uninstalls the Helm chart like an operator. */
export class Chart {
  constructor(
    private readonly helm: string,
    private readonly kubectl: Kubectl,
    private readonly release: string,
  ) {}

  /** Installs the chart, or upgrades the installation to other values; resolves after every pod is ready. */
  async install(valuesFile: string): Promise<void> {
    await this.run('upgrade', '--install', this.release, CHART, '--values', valuesFile, ...WAIT);
  }

  /** Returns to the first revision; resolves after every pod is ready. */
  async rollBack(): Promise<void> {
    await this.run('rollback', this.release, '1', ...WAIT);
  }

  /** Returns the output of `helm test`. */
  test(): Promise<string> {
    return this.run('test', this.release, '--logs', '--timeout', LONGEST);
  }

  async uninstall(): Promise<void> {
    await this.run('uninstall', this.release, '--wait', '--timeout', LONGEST);
  }

  private run(...args: readonly string[]): Promise<string> {
    const { namespace, env } = this.kubectl;
    return runProgram(this.helm, ['--namespace', namespace, ...args], { env });
  }
}

/** Reads the chart's list of services. */
export function chartServices(): ChartServices {
  return JSON.parse(readFileSync(join(CHART, 'files/services.json'), 'utf8')) as ChartServices;
}
