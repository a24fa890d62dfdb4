import { stepsOf } from './tour-steps.js';

describe('the withdrawals of the tour', () => {
  const { paid, cancelled, refused, next } = stepsOf('r');
  const shown = [...paid, ...cancelled, ...refused].map(({ venue, wanted }) => [
    wanted.label,
    venue,
    wanted.title,
    wanted.body['client_reference'],
  ]);

  it('follow the main withdrawals, each with a label and a reference of its own', () => {
    expect(shown).toEqual([
      ['#3', 'bitmart', '0.05 ETH through BitMart', 'tour-bitmart-r'],
      ['#4', 'bybit', '20 USDT through Bybit', 'tour-bybit-r'],
      ['#5', 'upvest', '12.50 EUR to a bank account through Upvest', 'tour-upvest-r'],
      [
        '#6',
        'upvest',
        '7.25 EUR, cancelled after Upvest has accepted the payment',
        'tour-cancel-r',
      ],
      ['#7', 'gateio', '0.01 BTC, of which Gate.io has none', 'tour-failover-r'],
    ]);
    expect(next).toBe(8);
  });
});
