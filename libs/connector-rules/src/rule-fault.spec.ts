import { Amount, type Destination } from '@sluice/kernel';
import { ruleFault } from './rule-fault.js';

const address = (memo?: string): Destination => ({
  type: 'address',
  address: '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
  ...(memo !== undefined && { memo }),
});
const id = '0b6a1cde-4d1c-4b7e-9a1f-2c3d4e5f6a7b';
const bank: Destination = {
  type: 'reference_account',
  userId: id,
  accountGroupId: id,
  referenceAccountId: id,
};

describe('ruleFault', () => {
  const of = (venue: string, asset: 'USDT.ETH' | 'XRP.XRP' | 'EUR.SEPA', amount: string) => ({
    is: (destination: Destination) =>
      ruleFault(venue, { asset, amount: Amount.of(amount, asset), destination }),
  });

  it.each(['gateio', 'bybit', 'bitmart', 'wallet'])(
    '%s: refuses a memo on a network without memos, and a tag that is none',
    (venue) => {
      expect(of(venue, 'USDT.ETH', '1').is(address())).toBeNull();
      expect(of(venue, 'USDT.ETH', '1').is(address('7'))?.message).toMatch(/^memo: /);
      expect(of(venue, 'XRP.XRP', '1').is(address('1e3'))?.message).toMatch(/^memo: /);
    },
  );

  it('refuses an amount that a bank transfer has not', () => {
    expect(of('upvest', 'EUR.SEPA', '0.01').is(bank)).toBeNull();
    expect(of('upvest', 'EUR.SEPA', '0.001').is(bank)?.reason).toBe('invalid_amount');
    expect(of('upvest', 'EUR.SEPA', '1').is({ ...bank, userId: 'x' })?.message).toMatch(/^user_id/);
  });
});
