import type { Doors } from './doors.js';

const PREFIX = 'connector-';

/** The service that talks to a venue. Throws a CliError that names the nearest when it is not part of what runs here. */
export function connectorFor(doors: Doors, venue: string): string {
  return doors.require(`${PREFIX}${venue}`);
}

export function connectorsOf(doors: Doors): readonly string[] {
  return doors.services().filter((service) => service.startsWith(PREFIX));
}
