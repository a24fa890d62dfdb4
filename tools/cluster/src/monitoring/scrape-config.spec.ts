import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SERVICE_NAMES, specOf } from '@sluice/stack';
import { workspaceRoot } from '@sluice/test-servers';
import { scrapeConfig } from './scrape-config.js';

const EXAMPLE = readFileSync(
  join(workspaceRoot(), 'deploy/prometheus/scrape-kubernetes.yaml'),
  'utf8',
);

interface Job {
  readonly authorization: { readonly credentials_file: string };
  readonly tls_config: { readonly ca_file: string; readonly server_name: string };
  readonly kubernetes_sd_configs: readonly {
    readonly kubeconfig_file: string;
    readonly namespaces: { readonly names: readonly string[] };
    readonly selectors: readonly { readonly label: string }[];
  }[];
  readonly relabel_configs: readonly object[];
}

describe('the documented scrape configuration, fitted to an installation', () => {
  const config = scrapeConfig(EXAMPLE, {
    release: 'here',
    namespace: 'there',
    kubeconfig: '/kubeconfig',
    folder: '/monitoring',
    rules: '/alerts.yaml',
  }) as { readonly rule_files: readonly string[]; readonly scrape_configs: readonly Job[] };

  it('has a job for each service, with a token, a certificate name and pods of its own', () => {
    const jobs = config.scrape_configs.map((job) => ({
      token: job.authorization.credentials_file,
      ca: job.tls_config.ca_file,
      name: job.tls_config.server_name,
      places: job.kubernetes_sd_configs.map((one) => [
        one.kubeconfig_file,
        ...one.namespaces.names,
        ...one.selectors.map(({ label }) => label),
      ]),
      relabelled: job.relabel_configs.length > 3,
    }));

    expect(jobs.toSorted((a, b) => a.token.localeCompare(b.token))).toEqual(
      SERVICE_NAMES.toSorted((a, b) => a.localeCompare(b)).map((service) => ({
        token: `/monitoring/tokens/${service}`,
        ca: '/monitoring/ca.pem',
        name: `here-${service}${specOf(service).isPublic ? '-admin' : ''}`,
        places: [
          [
            '/kubeconfig',
            'there',
            `app.kubernetes.io/instance=here,app.kubernetes.io/name=${service}`,
          ],
        ],
        relabelled: true,
      })),
    );
  });

  it('names the alert rules', () => {
    expect(config.rule_files).toEqual(['/alerts.yaml']);
  });
});
