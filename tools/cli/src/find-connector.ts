import type { AdminClient } from './admin-client.js';

const PREFIX = 'connector-';

/** The service that talks to a venue. Throws a CliError that names the nearest when it is not part of what runs here. */
export function connectorFor(admin: AdminClient, venue: string): string {
  return admin.require(`${PREFIX}${venue}`);
}

export function connectorsOf(admin: AdminClient): readonly string[] {
  return admin.services().filter((service) => service.startsWith(PREFIX));
}
