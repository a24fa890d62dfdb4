import { Amount } from '@sluice/money';
import { gasCeilingOf, gasFault } from './gas-ceilings.js';

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

  it.each([
    ['0.2', 'ETH.ETH', 'ETH', 'spent', null],
    ['10', 'ETH.ETH', 'ETH', 'topUp', null],
    ['0.200000000000000001', 'ETH.ETH', 'ETH', 'spent', 'above_ceiling'],
    ['10.000000000000000001', 'ETH.ETH', 'ETH', 'topUp', 'above_ceiling'],
    ['0.1', 'USDT.ETH', 'ETH', 'spent', 'not_native'],
    ['0.1', 'ETH.ETH', 'BSC', 'spent', 'not_native'],
  ] as const)('of %s %s on %s as %s: %s', (amount, asset, network, booked, fault) => {
    expect(gasFault(Amount.of(amount, asset), network, booked)).toBe(fault);
  });
});
