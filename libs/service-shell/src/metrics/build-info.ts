import { Gauge } from 'prom-client';

const info = new Gauge({
  name: 'sluice_build_info',
  help: 'Always 1; the labels name the running release',
  labelNames: ['service', 'version', 'node'],
});

/**
 * Registers the build info metric. `version` is the release version from the image, or
 * `development` if unset.
 */
export function registerBuildInfo(service: string, version: string): void {
  info.set({ service, version, node: process.versions.node }, 1);
}
