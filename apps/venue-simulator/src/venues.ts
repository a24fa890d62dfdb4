import { openBitmart } from './bitmart/bitmart-simulation.js';
import { openGateio } from './gateio/gateio-simulation.js';
import type { SimulationOptions, VenueSimulation } from './sim/venue-simulation.js';

/** Every venue that can be simulated. */
export const VENUES: Readonly<Record<string, (options: SimulationOptions) => VenueSimulation>> = {
  bitmart: openBitmart,
  gateio: openGateio,
};
