import { useQueries } from '@tanstack/react-query';
import type { VenueDto } from '@sluice/http-api';
import { CallError } from '../api/call-error.js';
import { readOf, type EveryAnswer } from '../api/queries.js';
import { connector, isConnector } from '../api/services.js';
import { useSession } from '../session/session-provider.js';

/** Names of the services that the console can ask. */
export function useServices(): readonly string[] {
  return useSession().session.services;
}

/** Services of the connectors, in the order of their names. */
export function useConnectors(): readonly string[] {
  return useServices().filter(isConnector).toSorted();
}

/** Reads the venue of each connector; undefined until each has answered or failed. */
export function useVenues(): readonly EveryAnswer<VenueDto>[] | undefined {
  const services = useConnectors();
  const reads = useQueries({
    queries: services.map((service) => readOf(connector(service).venue())),
  });
  if (reads.some(({ data, error }) => data === undefined && error === null)) return undefined;
  return reads.map(({ data, error }, at) => ({
    service: services[at] ?? '',
    status: error instanceof CallError ? (error.status ?? 502) : 200,
    ...(data !== undefined && error === null
      ? { data }
      : { message: error?.message ?? 'no answer' }),
  }));
}
