import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SERVICE_NAMES, type Environment, type ServiceName } from '@sluice/stack';
import {
  fetchedTool,
  freePort,
  superviseProcess,
  workspaceRoot,
  type ProcessGuard,
} from '@sluice/test-servers';
import { scrapeConfig, type ScrapePlaces } from './scrape-config.js';

const FOLDER = join(workspaceRoot(), 'deploy/prometheus');
const MODULE = join(workspaceRoot(), 'tools/cluster/prometheus');

interface PrometheusOptions extends Pick<ScrapePlaces, 'release' | 'namespace' | 'kubeconfig'> {
  readonly folder: string;
  /** PEM file of the authority behind the certificates of the services. */
  readonly caFile: string;
  readonly environments: Readonly<Record<ServiceName, Environment>>;
  readonly guard: ProcessGuard;
}

interface ScrapedPod {
  readonly labels: Readonly<Record<string, string>>;
  readonly health: string;
  readonly lastError: string;
}

/** A real Prometheus with the documented configuration and the alert rules, outside the cluster. */
export class Prometheus {
  private constructor(
    private readonly url: string,
    readonly stop: () => Promise<void>,
  ) {}

  static async start(options: PrometheusOptions): Promise<Prometheus> {
    const { folder, guard } = options;
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const config = writeConfig(options);
    const command = prometheusProgram();
    const args = [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ];
    const running = await superviseProcess({
      name: 'prometheus',
      command: () => ({ command, args }),
      logFile: join(folder, 'prometheus.log'),
      ready: async () => {
        const { ok } = await fetch(`${url}/-/ready`);
        if (!ok) throw new Error('Prometheus is not ready');
      },
      restart: false,
      guard,
    });
    return new Prometheus(url, () => running.stop());
  }

  /** Pods in the scrape configuration, by health. */
  async targets(): Promise<readonly ScrapedPod[]> {
    const { activeTargets } = await this.get<{ readonly activeTargets: readonly ScrapedPod[] }>(
      'targets?state=active',
    );
    return activeTargets;
  }

  /** Names and labels of firing alerts. */
  async firing(): Promise<readonly Readonly<Record<string, string>>[]> {
    const { alerts } = await this.get<{
      readonly alerts: readonly {
        readonly state: string;
        readonly labels: Readonly<Record<string, string>>;
      }[];
    }>('alerts');
    return alerts.filter(({ state }) => state === 'firing').map(({ labels }) => labels);
  }

  private async get<T>(path: string): Promise<T> {
    const response = await fetch(`${this.url}/api/v1/${path}`);
    const { data } = (await response.json()) as { readonly data: T };
    return data;
  }
}

/**
 * Builds Prometheus with the service discovery of Kubernetes only, which Debian's package lacks. Go
 * verifies every module against go.sum; the first build takes 2 CPU minutes.
 */
function prometheusProgram(): string {
  const pins = ['go.mod', 'go.sum'].map((file) => join(MODULE, file));
  return fetchedTool('prometheus', pins, (to) => {
    const tags = 'remove_all_sd,enable_kubernetes_sd';
    const program = 'github.com/prometheus/prometheus/cmd/prometheus';
    execFileSync('go', ['build', '-mod=readonly', '-trimpath', '-tags', tags, '-o', to, program], {
      cwd: MODULE,
      env: { ...process.env, CGO_ENABLED: '0' },
      stdio: 'inherit',
    });
  });
}

/** Writes the configuration and the credentials of the services; returns the configuration's path. */
function writeConfig(options: PrometheusOptions): string {
  const { folder, caFile, environments } = options;
  const tokens = join(folder, 'tokens');
  mkdirSync(tokens, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, 'ca.pem'), readFileSync(caFile));
  for (const name of SERVICE_NAMES)
    writeFileSync(join(tokens, name), environments[name]['METRICS_TOKEN'] ?? '', { mode: 0o600 });
  const example = readFileSync(join(FOLDER, 'scrape-kubernetes.yaml'), 'utf8');
  const rules = join(FOLDER, 'alerts.yaml');
  const file = join(folder, 'prometheus.json');
  writeFileSync(file, JSON.stringify(scrapeConfig(example, { ...options, rules })));
  return file;
}
