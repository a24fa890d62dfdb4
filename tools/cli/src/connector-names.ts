import { connectorOf } from '@sluice/messages';

const CONNECTOR = 'connector-';
/** The venue whose connector is called after its chains. */
const WALLET = 'wallet';

/** Whose connector this is; undefined for a service that is none. */
export function venueOfConnector(service: string): string | undefined {
  if (service === connectorOf(WALLET)) return WALLET;
  return service.startsWith(CONNECTOR) ? service.slice(CONNECTOR.length) : undefined;
}
