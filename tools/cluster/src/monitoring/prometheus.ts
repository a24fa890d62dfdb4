import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SERVICE_NAMES, type Environment, type ServiceName } from '@sluice/stack';
import {
  fetchedTool,
  freePort,
  kafkaClient,
  superviseProcess,
  until,
  workspaceRoot,
  type KafkaAccess,
  type ProcessGuard,
} from '@sluice/test-servers';
import { scrapeConfig, type ScrapePlaces } from './scrape-config.js';
import type { Kubectl } from '../programs/kubectl.js';
import type { Teller } from '../output/say.js';

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

const TOPIC = 'ledger.commands';
/** Two scrapes and an evaluation every 15 s, and the start of the pods. */
const LONGEST_MS = 180_000;

/**
 * Checks that Prometheus reads every pod of every service, then writes a message without signature
 * to Kafka and waits for the alert. Throws an error with the last state after the timeout.
 */
export async function watchInstallation(
  prometheus: Prometheus,
  { kubectl, kafka, teller }: { kubectl: Kubectl; kafka: KafkaAccess; teller: Teller },
): Promise<void> {
  await teller.during(
    (pods) => `Prometheus reads all ${pods} pods of ${SERVICE_NAMES.length} services`,
    () =>
      until('Prometheus does not read every pod', () => readPods(prometheus, kubectl), LONGEST_MS),
  );
  const before = await prometheus.firing();
  teller.say(
    `firing alerts: ${before.map(({ alertname, service }) => `${alertname} (${service ?? ''})`).join(', ') || 'none'}`,
  );
  await writeForged(kafka);
  await teller.during('the first message without signature fires MessageForged', () =>
    until('MessageForged does not fire', () => requireForged(prometheus), LONGEST_MS, 1_000),
  );
}

/** Resolves with the number of pods. */
async function readPods(prometheus: Prometheus, kubectl: Kubectl): Promise<number> {
  const targets = await prometheus.targets();
  const faults = targets.filter(({ health }) => health !== 'up');
  const pods = await Promise.all(SERVICE_NAMES.map((name) => kubectl.pods(name)));
  const names = pods.flat().map(({ name }) => name);
  const missing = names.filter((name) => !targets.some(({ labels }) => labels['pod'] === name));
  if (faults.length > 0 || missing.length > 0)
    throw new Error(
      `not read: ${[...missing, ...faults.map(({ labels, lastError }) => `${labels['pod']}: ${lastError}`)].join(', ')}`,
    );
  return names.length;
}

async function requireForged(prometheus: Prometheus): Promise<void> {
  const alerts = await prometheus.firing();
  const isFiring = alerts.some(
    ({ alertname, service, topic }) =>
      alertname === 'MessageForged' && service === 'ledger' && topic === TOPIC,
  );
  if (!isFiring) throw new Error(`firing: ${alerts.map(({ alertname }) => alertname).join(', ')}`);
}

/** Writes with the right to write the topic, but without the key of its producer. */
async function writeForged(kafka: KafkaAccess): Promise<void> {
  const producer = kafkaClient(kafka, 'cluster-proof').producer({ allowAutoTopicCreation: false });
  await producer.connect();
  try {
    await producer.send({
      topic: TOPIC,
      acks: -1,
      messages: [
        {
          key: '0000000000000',
          value: '{}',
          headers: {
            ce_specversion: '1.0',
            ce_id: crypto.randomUUID(),
            ce_type: 'ledger.place-hold.v1',
            ce_source: 'intake-api',
            ce_time: new Date().toISOString(),
            'content-type': 'application/json',
          },
        },
      ],
    });
  } finally {
    await producer.disconnect();
  }
}
