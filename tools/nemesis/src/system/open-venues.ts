import {
  connectorOf,
  SIMULATED_NAMES,
  simulatedOf,
  type SimulatedName,
  type StackPorts,
} from '@sluice/stack';
import { freePort } from '@sluice/test-servers';
import type { Random } from './random.js';
import { SimulatorBook } from './simulators.js';
import { VenueRelay } from './venue-relay.js';

interface OpenVenue {
  readonly venue: SimulatedName;
  readonly book: SimulatorBook;
  readonly relay: VenueRelay;
  readonly relayPort: number;
}

/** Opens a book and a relay for each simulated venue, with the settings common to all runs. */
export async function openVenues(ports: StackPorts, random: Random): Promise<readonly OpenVenue[]> {
  const open: OpenVenue[] = [];
  for (const venue of SIMULATED_NAMES) {
    const { api, settings } = simulatedOf(venue);
    const port = ports[`simulator-${venue}`];
    const book = new SimulatorBook(`http://127.0.0.1:${port}`);
    const connectorUrl = `http://127.0.0.1:${ports[connectorOf(venue)]}`;
    await book.settings({
      rate_limits: { enabled: false },
      status_ms: 150,
      hang_ms: 6_000,
      slow_listing_ms: 3_000,
      ...settings?.(connectorUrl),
    });
    const relayPort = await freePort();
    const draw = random.of(`relay ${venue}`).next;
    const relay = await VenueRelay.open(relayPort, port, api, draw);
    open.push({ venue, book, relay, relayPort });
  }
  return open;
}
