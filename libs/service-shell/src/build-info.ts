import { Gauge } from 'prom-client';

const info = new Gauge({
  name: 'sluice_build_info',
  help: 'Always 1; its labels say what runs',
  labelNames: ['service', 'version', 'node'],
});

/** `version`: of the release, as the image says it; `development` where nothing is said. */
export function registerBuildInfo(service: string, version: string): void {
  info.set({ service, version, node: process.versions.node }, 1);
}
