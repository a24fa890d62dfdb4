import yaml from 'yaml';

/** Places of one installation, in place of the names in the documented example. */
export interface ScrapePlaces {
  readonly release: string;
  readonly namespace: string;
  readonly kubeconfig: string;
  /** Folder with `ca.pem` and `tokens/<service>`. */
  readonly folder: string;
  readonly rules: string;
}

interface ScrapeConfig {
  readonly rule_files: readonly string[];
  readonly scrape_configs: readonly {
    readonly kubernetes_sd_configs: readonly object[];
  }[];
}

/**
 * Fits deploy/prometheus/scrape-kubernetes.yaml to an installation. This Prometheus runs outside the
 * cluster, and needs the kubeconfig.
 */
export function scrapeConfig(
  example: string,
  { release, namespace, kubeconfig, folder, rules }: ScrapePlaces,
): object {
  const text = example
    .replaceAll('/etc/prometheus/sluice', folder)
    .replaceAll('names: [payments]', `names: [${namespace}]`)
    .replaceAll('instance=pay,', `instance=${release},`)
    .replaceAll('server_name: pay-', `server_name: ${release}-`);
  const config = yaml.parse(text, { merge: true }) as ScrapeConfig;
  return {
    ...config,
    rule_files: [rules],
    scrape_configs: config.scrape_configs.map((job) => ({
      ...job,
      kubernetes_sd_configs: job.kubernetes_sd_configs.map((discovery) => ({
        ...discovery,
        kubeconfig_file: kubeconfig,
      })),
    })),
  };
}
