import { compareRecipients } from './compare-recipients.js';
import { destinationKey } from './destination.js';

const EVM = '0x52908400098527886E0F7030069857D2E4169EE7';
const address = (text: string, memo?: string): string =>
  destinationKey({ type: 'address', address: text, ...(memo !== undefined && { memo }) });
const account = (kind: 'uid' | 'email' | 'phone', value: string, areaCode?: string): string =>
  destinationKey({
    type: 'venue_account',
    kind,
    value,
    ...(areaCode !== undefined && { areaCode }),
  });
const bank = (referenceAccountId: string): string =>
  destinationKey({
    type: 'reference_account',
    userId: '0e4e3f6c-8a4c-4f0e-9a49-3a1f2b0c9d11',
    accountGroupId: '1e4e3f6c-8a4c-4f0e-9a49-3a1f2b0c9d11',
    referenceAccountId,
  });
const XRP = 'rEb8TK3gBgk5auZkwc6sHnwrGVJH8DuaLh';

describe('recipients of an order and of a record', () => {
  it.each([
    ['in another case of an EVM address', 'ETH', address(EVM), address(EVM.toLowerCase())],
    ['with a memo on a network without memos', 'ETH', address(EVM), address(EVM, '12')],
    [
      'with an e-mail address in another case',
      null,
      account('email', 'a@b.io'),
      account('email', 'A@B.io'),
    ],
    [
      'with the area code in the number',
      null,
      account('phone', '151234567', '49'),
      account('phone', '49151234567'),
    ],
    [
      'with an account id in capitals',
      null,
      bank('2e4e3f6c-8a4c-4f0e-9a49-3a1f2b0c9d11'),
      bank('2E4E3F6C-8A4C-4F0E-9A49-3A1F2B0C9D11'),
    ],
  ])('are the same %s', (_what, network, asked, done) => {
    expect(compareRecipients(network, asked, done)).toBe('same');
  });

  it.each([
    ['no recipient', 'ETH', address(EVM), null],
    ['a masked address', 'ETH', address(EVM), address('0x5290…9EE7')],
    ['no address at all', 'ETH', address(EVM), address('')],
    ['no memo instead of the ordered memo', 'XRP', address(XRP, '12'), address(XRP)],
    ['an account instead of an address', 'ETH', address(EVM), account('uid', '7')],
    [
      'an e-mail address instead of a number',
      null,
      account('uid', '7'),
      account('email', 'a@b.io'),
    ],
    ['a masked e-mail address', null, account('email', 'a@b.io'), account('email', 'a***@b.io')],
    ['a masked number', null, account('uid', '12345'), account('uid', '12**5')],
    ['an id cut short', null, bank('2e4e3f6c-8a4c-4f0e-9a49-3a1f2b0c9d11'), bank('2e4e3f6c')],
  ])('cannot be told with %s', (_what, network, asked, done) => {
    expect(compareRecipients(network, asked, done)).toBe('cannot_tell');
  });

  it.each([
    ['address', 'ETH', address(EVM), address(`0x${'1'.repeat(40)}`)],
    ['memo', 'XRP', address(XRP, '12'), address(XRP, '13')],
    ['account', null, account('uid', '12345'), account('uid', '12346')],
    [
      'bank account',
      null,
      bank('2e4e3f6c-8a4c-4f0e-9a49-3a1f2b0c9d11'),
      bank('3e4e3f6c-8a4c-4f0e-9a49-3a1f2b0c9d11'),
    ],
  ])('are different with another readable %s', (_what, network, asked, done) => {
    expect(compareRecipients(network, asked, done)).toBe('different');
  });
});
