import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  connectorOf,
  servicesWith,
  SIMULATED_NAMES,
  SIMULATED_SERVICES,
  specOf,
  VENUE_NAMES,
  type ServiceName,
  type SimulatedName,
  type VenueName,
} from '@sluice/stack';

export type InstanceName = `${ServiceName}.${1 | 2}`;

export function instancesOf(service: ServiceName): readonly InstanceName[] {
  return [`${service}.1`, `${service}.2`];
}

/** The witness: a service that moves no money, and has faults of its own. */
export const AUDITOR: ServiceName = 'auditor';

/** Every service but the console, which moves no money and speaks to people alone. */
const STARTED = servicesWith(VENUE_NAMES);

/** Services that move money. */
export const NEMESIS_SERVICES = STARTED.filter((name) => !specOf(name).auditsVenues);

/** Two of each service that moves money, the wallet's included. */
export const MOVING_INSTANCES: readonly InstanceName[] = NEMESIS_SERVICES.flatMap(instancesOf);

/** Two of each service, the wallet's included. */
export const INSTANCES: readonly InstanceName[] = STARTED.flatMap(instancesOf);

/**
 * Venues and services of a system: with the wallet, the signer and the chains, or with the
 * simulated venues alone.
 */
export interface Scope {
  readonly venues: readonly VenueName[];
  readonly services: readonly ServiceName[];
}

export const EVERYTHING: Scope = { venues: VENUE_NAMES, services: STARTED };
export const SIMULATED_ONLY: Scope = {
  venues: SIMULATED_NAMES,
  services: STARTED.filter((name) => SIMULATED_SERVICES.includes(name)),
};

export function serviceOf(instance: InstanceName): ServiceName {
  return instance.slice(0, -2) as ServiceName;
}

/**
 * Returns true if the checkout has the built service: an older release may lack a newer service.
 */
export function hasService(code: string, service: ServiceName): boolean {
  return existsSync(join(code, 'apps', service, 'dist', 'main.js'));
}

export function venueOfConnector(service: ServiceName): SimulatedName | undefined {
  return SIMULATED_NAMES.find((venue) => connectorOf(venue) === service);
}
