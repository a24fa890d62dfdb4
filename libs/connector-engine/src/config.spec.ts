import { BUILT_IN_BOUND, honouredBy } from './config.js';

const VENUE = { forMs: 120_000, source: 'the manual' };

describe('HONOURED_FOR_MS', () => {
  it('is the bound of the venue unless it is set', () =>
    expect(honouredBy(VENUE, BUILT_IN_BOUND)).toEqual(VENUE));

  it('can be longer anywhere, and shorter outside of production only', () => {
    expect(honouredBy(VENUE, { honouredForMs: 180_000, nodeEnv: 'production' }).forMs).toBe(
      180_000,
    );
    expect(honouredBy(VENUE, { honouredForMs: 1_000, nodeEnv: 'test' }).forMs).toBe(1_000);
    expect(() => honouredBy(VENUE, { honouredForMs: 119_999, nodeEnv: 'production' })).toThrow(
      'configuration: HONOURED_FOR_MS must be at least 120000 in production: the manual',
    );
  });
});
