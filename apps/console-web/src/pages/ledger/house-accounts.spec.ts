import { meaningOf } from './house-accounts.js';

describe('the meaning of a shared account', () => {
  it.each([
    ['clearing:gateio', 'paid out by gateio, less what we have put there'],
    ['hot-wallet:ETH', 'paid out by our wallet on ETH, less what we have put there'],
    ['fee-income', 'fees taken from customers'],
    ['clearing:$&', 'paid out by $&, less what we have put there'],
    ['constructor', ''],
    ['later:thing', ''],
  ])('%s: %s', (account, meaning) => expect(meaningOf(account)).toBe(meaning));
});
