import { openBitmart } from './bitmart/bitmart-simulation.js';
import { openBybit } from './bybit/bybit-simulation.js';
import { openGateio } from './gateio/gateio-simulation.js';
import type { SimulationOptions, VenueSimulation } from './sim/venue-simulation.js';
import { openUpvest } from './upvest/upvest-simulation.js';

/** Every venue that can be simulated. */
export const VENUES: Readonly<Record<string, (options: SimulationOptions) => VenueSimulation>> = {
  bitmart: openBitmart,
  bybit: openBybit,
  gateio: openGateio,
  upvest: openUpvest,
};
