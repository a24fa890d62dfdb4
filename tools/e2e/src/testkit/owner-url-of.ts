import { layoutOf, loadSecrets, ownerUrl, type ServiceName, type System } from '@sluice/stack';

/** With the login that owns the tables of a service: it can plant faults that the service's own could not. */
export function ownerUrlOf(system: System, service: ServiceName): string {
  const { port } = new URL(system.run.databases['intake-api']);
  return ownerUrl(service, loadSecrets(layoutOf(system.home).secrets), {
    port: Number(port),
    caFile: system.run.ca_file,
  });
}
