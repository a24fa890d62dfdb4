import { openBitmart } from './bitmart/bitmart-simulation.js';
import { openBybit } from './bybit/bybit-simulation.js';
import { openGateio } from './gateio/gateio-simulation.js';
import type { SimulationOptions, VenueSimulation } from './sim/open-venue.js';
import { openUpvest } from './upvest/upvest-simulation.js';

/** Every simulated venue. `all` assigns ports in this order: add a new venue at the end. */
export const VENUES: Readonly<Record<string, (options: SimulationOptions) => VenueSimulation>> = {
  gateio: openGateio,
  bitmart: openBitmart,
  bybit: openBybit,
  upvest: openUpvest,
};
