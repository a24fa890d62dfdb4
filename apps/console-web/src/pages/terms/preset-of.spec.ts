import { presetOf } from './preset-of.js';

describe('the first values of the next terms', () => {
  it('are those of the newest version, without its times', () =>
    expect(
      presetOf({
        min_withdrawal_amount: '10.000000000000000001',
        decimals: 6,
        active: false,
        unit_worth_eur: null,
        effective_at: '2026-11-20T08:00:00Z',
        recorded_at: '2026-11-20T08:00:00Z',
      }),
    ).toEqual({
      min_withdrawal_amount: '10.000000000000000001',
      decimals: '6',
      active: 'false',
      unit_worth_eur: '',
    }));
});
