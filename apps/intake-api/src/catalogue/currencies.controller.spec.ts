import type { Venue, WithdrawalTerms } from '@sluice/withdrawal-core';
import { shownCurrencies } from './currencies.controller.js';

const VENUE: Venue = {
  name: 'gateio',
  pays: ['address'],
  state: 'on',
  minimum: null,
  maximum: null,
  decimals: null,
  feePercent: null,
  feeFlat: null,
  submitWithinMs: null,
};
const TERMS: WithdrawalTerms = {
  enabled: true,
  minimum: '2',
  venues: [VENUE],
  percent: '0.1',
  flat: '1',
  decimals: 6,
};
const listed = (change: Partial<WithdrawalTerms> = {}, currency = 'USDT', network = 'ETH') => ({
  currency,
  network,
  name: 'Tether USD',
  contractAddress: null,
  terms: { ...TERMS, ...change },
});

describe('shownCurrencies', () => {
  it('pads amounts to 18 decimals and percents to 6, and drops no digit of what has more', () => {
    const [shown] = shownCurrencies([
      listed({ minimum: '0.0000000000000000001', flat: '10', percent: '0.12345678' }),
    ]);
    expect(shown).toMatchObject({
      min_deposit_amount: '0.000000000000000000',
      min_withdrawal_amount: '0.0000000000000000001',
      withdrawal_fee_flat: '10.000000000000000000',
      withdrawal_fee_percent: '0.12345678',
    });
  });

  it('has the price of the venue that gets it first', () => {
    const venues: Venue[] = [
      { ...VENUE, name: 'bybit', state: 'paused', feeFlat: '7' },
      { ...VENUE, feeFlat: '3', feePercent: '0' },
    ];
    expect(shownCurrencies([listed({ venues })])).toMatchObject([
      { withdrawal_fee_flat: '3.000000000000000000', withdrawal_fee_percent: '0.000000' },
    ]);
    expect(shownCurrencies([listed({ venues: [] })])).toMatchObject([
      { withdrawal_fee_flat: '1.000000000000000000', withdrawal_fee_percent: '0.100000' },
    ]);
  });

  it('leaves out what the account may not withdraw, and is in the order of names', () => {
    const all = [
      listed({}, 'USDT', 'TRX'),
      listed({}, 'USDT', 'ETH'),
      listed({ enabled: false }, 'BTC', 'BTC'),
      listed({}, 'ETH', 'ETH'),
    ];
    expect(shownCurrencies(all).map(({ currency, network }) => `${currency}.${network}`)).toEqual([
      'ETH.ETH',
      'USDT.ETH',
      'USDT.TRX',
    ]);
  });
});
