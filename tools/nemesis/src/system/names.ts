import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  connectorOf,
  SIMULATED_NAMES,
  SIMULATED_SERVICES,
  type ServiceName,
  type SimulatedName,
} from '@sluice/stack';

export type InstanceName = `${ServiceName}.${1 | 2}`;

export function instancesOf(service: ServiceName): readonly InstanceName[] {
  return [`${service}.1`, `${service}.2`];
}

export const INSTANCES: readonly InstanceName[] = SIMULATED_SERVICES.flatMap(instancesOf);

export function serviceOf(instance: InstanceName): ServiceName {
  return instance.slice(0, -2) as ServiceName;
}

/** Whether a checkout has this service, built: an older release may lack a newer one. */
export function hasService(code: string, service: ServiceName): boolean {
  return existsSync(join(code, 'apps', service, 'dist', 'main.js'));
}

export function venueOfConnector(service: ServiceName): SimulatedName | undefined {
  return SIMULATED_NAMES.find((venue) => connectorOf(venue) === service);
}
