import { Amount } from '@sluice/money';
import { gasCeilingOf } from './gas-ceilings.js';

describe('the ceiling of gas', () => {
  it('is there for the native coins of our networks, and for nothing that is no coin of a chain', () => {
    expect([gasCeilingOf('ETH'), gasCeilingOf('BNB')]).not.toContain(null);
    expect([gasCeilingOf('USDT'), gasCeilingOf('toString')]).toEqual([null, null]);
  });

  it('leaves room for a transfer to a contract at 1,000 gwei', () => {
    const dear = Amount.of('0.15', 'ETH.ETH'); // 150,000 gas
    const most = Amount.of(gasCeilingOf('ETH')?.spent ?? '0', 'ETH.ETH');

    expect(most.lessThan(dear)).toBe(false);
  });
});
