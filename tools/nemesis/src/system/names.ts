import {
  connectorOf,
  VENUE_NAMES,
  type ConnectorName,
  type DatabaseKey,
  type VenueName,
} from '@sluice/stack';

export type Service = 'intake-api' | 'ledger' | ConnectorName;
export type InstanceName = `${Service}.${1 | 2}`;

export const SERVICES: readonly Service[] = [
  'intake-api',
  'ledger',
  ...VENUE_NAMES.map(connectorOf),
];

export function instancesOf(service: Service): readonly InstanceName[] {
  return [`${service}.1`, `${service}.2`];
}

export const INSTANCES: readonly InstanceName[] = SERVICES.flatMap(instancesOf);

export function serviceOf(instance: InstanceName): Service {
  return instance.slice(0, -2) as Service;
}

export function databaseOf(service: Service): DatabaseKey {
  return service === 'intake-api' ? 'intake' : service;
}

export function venueOfConnector(service: Service): VenueName | undefined {
  return VENUE_NAMES.find((venue) => connectorOf(venue) === service);
}
