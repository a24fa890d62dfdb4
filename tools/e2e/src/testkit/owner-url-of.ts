import { layoutOf, loadSecrets, ownerUrl, type ServiceName, type System } from '@sluice/stack';

/**
 * Returns a database URL with the owner login of a service's tables. The owner can plant faults
 * impossible for the service login.
 */
export function ownerUrlOf(system: System, service: ServiceName): string {
  const { port } = new URL(system.run.databases['intake-api']);
  return ownerUrl(service, loadSecrets(layoutOf(system.home).secrets), {
    port: Number(port),
    caFile: system.run.ca_file,
  });
}
