import { RateLeases, reservedAhead } from './admission.js';

describe('a reservation ahead', () => {
  it.each([
    [1, 0],
    [49, 0],
    [600, 12],
    [1_000_000_000, 500],
  ])('for a limit of %i requests per minute has %i numbers', (rateLimit, count) => {
    expect(reservedAhead(rateLimit)).toBe(count);
  });
});

describe('RateLeases', () => {
  it('give each reserved number once, in order, over several reservations', () => {
    const leases = new RateLeases();
    leases.enter(7);
    leases.reserve('ck_1', { used: 2, count: 2 });
    leases.reserve('ck_1', { used: 13, count: 1 });

    expect(leases.left('ck_1')).toBe(3);
    expect([leases.next('ck_1'), leases.next('ck_1'), leases.next('ck_1')]).toEqual([1, 2, 13]);
    expect(leases.left('ck_1')).toBe(0);
    expect(() => leases.next('ck_1')).toThrow('no request of the key ck_1 is reserved');
  });

  it('end with their minute', () => {
    const leases = new RateLeases();
    leases.enter(7);
    leases.reserve('ck_1', { used: 5, count: 5 });

    leases.enter(7);
    expect([leases.minute, leases.left('ck_1')]).toEqual([7, 5]);
    leases.enter(8);
    expect([leases.minute, leases.left('ck_1')]).toEqual([8, 0]);
  });
});
