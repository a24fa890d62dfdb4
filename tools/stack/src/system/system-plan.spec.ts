import { VENUE_NAMES } from '../tables/venues.js';
import { planOf } from './system-plan.js';

const CONFIG = { tls: true, instances: 2, logLevel: 'debug' };

describe('the plan of a system', () => {
  it('is the whole system at real pace, with the defaults of the configuration', () => {
    expect(planOf({}, CONFIG)).toEqual({
      pace: 'real',
      venues: VENUE_NAMES,
      serversOnly: false,
      console: false,
      environment: {},
      ...CONFIG,
    });
  });

  it('has the wanted values instead of the defaults', () => {
    const wanted = {
      pace: 'fast',
      venues: ['gateio'],
      serversOnly: true,
      console: true,
      brokers: 3,
      environment: { ledger: { LOG_LEVEL: 'warn' } },
      tls: false,
      instances: 1,
      logLevel: 'warn',
    } as const;

    expect(planOf(wanted, CONFIG)).toEqual(wanted);
  });
});
