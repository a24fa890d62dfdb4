import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { specOf } from '@sluice/stack';
import { workspaceRoot } from '@sluice/test-servers';
import { parse } from 'yaml';
import { findHelm } from './helm.js';
import { objectsOf, podsOf, type KubernetesObject } from './kubernetes-object.js';
import { everything, SERVICES } from './values.js';

/** Services whose metrics are at a port of the admin API alone. */
const PUBLIC: readonly string[] = SERVICES.filter((name) => specOf(name).isPublic);

const helm = findHelm();
const withHelm = helm ? describe : describe.skip;

interface ServiceObject extends KubernetesObject {
  readonly spec: { readonly ports: readonly { readonly name: string }[] };
}
interface ServiceMonitor extends KubernetesObject {
  readonly spec: {
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly endpoints: readonly {
      readonly port: string;
      readonly tlsConfig?: { readonly serverName: string };
    }[];
  };
}
interface ScrapeFile {
  readonly scrape_configs: readonly {
    readonly job_name: string;
    readonly authorization: { readonly credentials_file: string };
    readonly tls_config: { readonly server_name: string };
    readonly kubernetes_sd_configs: readonly {
      readonly selectors: readonly { readonly label: string }[];
    }[];
    readonly relabel_configs: readonly { readonly regex?: string }[];
  }[];
}

withHelm('monitoring by the chart', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-monitoring-'));
  const values = join(folder, 'values.json');
  let objects: readonly KubernetesObject[] = [];
  const rendered = (more: readonly string[] = []): readonly KubernetesObject[] => {
    const answer = helm?.template(values, more);
    if (!answer?.ok) throw new Error(answer?.out ?? 'there is no Helm');
    return objectsOf(answer.out);
  };
  const MONITORED = ['serviceMonitor', 'prometheusRule', 'dashboards'].flatMap((part) => [
    '--set',
    `monitoring.${part}.enabled=true`,
  ]);
  let monitored: readonly KubernetesObject[] = [];
  beforeAll(() => {
    writeFileSync(values, JSON.stringify(everything()));
    objects = rendered();
    monitored = rendered(MONITORED);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const ofKind = (kind: string): readonly KubernetesObject[] =>
    monitored.filter((one) => one.kind === kind);

  it('adds nothing by default', () => {
    const names = objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(names.filter((name) => /ServiceMonitor|PrometheusRule|dashboard/.test(name))).toEqual(
      [],
    );
  });

  it('reads each service at the only port with metrics, with its token, CA and host name', () => {
    const services = ofKind('Service') as readonly ServiceObject[];
    for (const name of SERVICES) {
      const [monitor, ...others] = (ofKind('ServiceMonitor') as readonly ServiceMonitor[]).filter(
        ({ metadata }) => metadata.name === `pay-${name}`,
      );
      const [endpoint, ...more] = monitor?.spec.endpoints ?? [];
      const { matchLabels = {} } = monitor?.spec.selector ?? {};
      const selected = services.filter(({ metadata }) =>
        Object.entries(matchLabels).every(([label, value]) => metadata.labels?.[label] === value),
      );
      const isPublic = PUBLIC.includes(name);

      expect([others, more]).toEqual([[], []]);
      expect(endpoint).toEqual({
        port: isPublic ? 'admin' : 'http',
        path: '/metrics',
        scheme: 'https',
        interval: '15s',
        scrapeTimeout: '10s',
        authorization: { credentials: { name: `sluice-${name}`, key: 'metrics-token' } },
        tlsConfig: {
          ca: { configMap: { name: 'internal-ca', key: 'ca.pem' } },
          serverName: isPublic ? `pay-${name}-admin` : `pay-${name}`,
        },
        relabelings: [
          { targetLabel: 'service', replacement: name },
          { targetLabel: 'app_kubernetes_io_part_of', replacement: 'sluice' },
        ],
      });
      expect(selected.map(({ metadata }) => metadata.name)).toEqual([
        endpoint?.tlsConfig?.serverName,
      ]);
      expect(selected[0]?.spec.ports.map((port) => port.name)).toContain(endpoint?.port);
    }
  });

  it('reads without TLS where a mesh encrypts', () => {
    const plain = rendered([...MONITORED, '--set', 'tls.enabled=false']);
    const text = JSON.stringify(plain.filter(({ kind }) => kind === 'ServiceMonitor'));

    expect(text).toContain('"scheme":"http"');
    expect(text).not.toContain('tlsConfig');
  });

  it('has the alert rules with their templates, and each dashboard as JSON', () => {
    const root = workspaceRoot();
    const rules = readFileSync(join(root, 'deploy/prometheus/alerts.yaml'), 'utf8');
    const [rule] = ofKind('PrometheusRule');
    expect(rule?.spec).toEqual(parse(rules));

    const maps = ofKind('ConfigMap').filter(({ metadata }) =>
      metadata.name.startsWith('pay-dashboard-'),
    );
    const files = maps.flatMap(({ data }) => Object.entries(data ?? {}));
    expect(files.length).toBeGreaterThan(4);
    for (const [file, text] of files)
      expect(text).toBe(readFileSync(join(root, 'deploy/grafana', file), 'utf8'));
    for (const { metadata } of maps) {
      expect(metadata.labels).toMatchObject({ grafana_dashboard: '1' });
      expect(metadata.annotations).toEqual({ grafana_folder: 'Sluice' });
    }
  });

  it('names each service as its autoscaling by lag does', () => {
    const scaled = objects.filter(({ kind }) => kind === 'HorizontalPodAutoscaler');
    const asked = scaled.map((one) => /"service":"([^"]+)"/.exec(JSON.stringify(one))?.[1]);

    expect(asked.toSorted()).toEqual([...SERVICES].toSorted());
  });

  it('takes the labels that an operator selects, and refuses unknown values', () => {
    const labelled = ['--set', 'monitoring.serviceMonitor.labels.release=prometheus'];
    const monitors = rendered([...MONITORED, ...labelled]).filter(
      ({ kind }) => kind === 'ServiceMonitor',
    );
    expect(monitors).toHaveLength(SERVICES.length);
    for (const { metadata } of monitors)
      expect(metadata.labels).toMatchObject({ release: 'prometheus' });

    expect(helm?.template(values, ['--set', 'monitoring.podMonitor.enabled=true'])).toMatchObject({
      ok: false,
      out: expect.stringContaining('podMonitor') as string,
    });
  });

  it('is read by the configuration for a Prometheus without the operator', () => {
    const file = join(workspaceRoot(), 'deploy/prometheus/scrape-kubernetes.yaml');
    const { scrape_configs: jobs } = parse(readFileSync(file, 'utf8')) as ScrapeFile;
    const pods = objects.filter(({ kind }) => kind === 'Deployment').flatMap(podsOf);
    const ports = pods.flatMap(({ containers }) =>
      containers.flatMap(({ name, ports: own }) => (own ?? []).map((port) => [name, port.name])),
    );

    expect(jobs.map((job) => job.job_name).toSorted()).toEqual(
      SERVICES.map((name) => `sluice-${name}`).toSorted(),
    );
    for (const job of jobs) {
      const name = job.job_name.slice('sluice-'.length);
      const [keep] = job.relabel_configs;
      const kept = ports.filter(
        ([service, port]) =>
          service === name && new RegExp(`^(?:${keep?.regex})$`).test(`${service};${port}`),
      );
      const [discovery] = job.kubernetes_sd_configs;

      expect(kept).toEqual([[name, PUBLIC.includes(name) ? 'admin' : 'http']]);
      expect(discovery?.selectors[0]?.label).toBe(
        `app.kubernetes.io/instance=pay,app.kubernetes.io/name=${name}`,
      );
      expect(job.authorization.credentials_file.endsWith(`/${name}`)).toBe(true);
      expect(job.tls_config.server_name).toBe(
        PUBLIC.includes(name) ? `pay-${name}-admin` : `pay-${name}`,
      );
    }
  });
});
