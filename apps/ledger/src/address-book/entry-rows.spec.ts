import { accountPartOf, endsPartOf, recipientOf } from './entry-rows.js';

const EVM = '0xAbCd5c1D9Bc0fF3eF8Aa1b2E34567890aBcD1234';
const to = (address: string, memo?: string) =>
  recipientOf({ type: 'address', address, ...(memo !== undefined && { memo }) });

describe('key of a recipient', () => {
  it('is equal for every spelling of an EVM address', () => {
    expect(to(EVM)).toBe(to(EVM.toLowerCase()));
  });

  it('differs by the case of other addresses', () => {
    expect(to('TJRabPrwbZy45sbavfcjinPJC18kjpRTv8')).not.toBe(
      to('TJRabPrwbZy45sbavfcjinPJC18kjpRTV8'),
    );
  });

  it('differs by the memo, and keeps the part of the address', () => {
    const [one, other] = [to(EVM, '1'), to(EVM, '2')];
    expect(one).not.toBe(other);
    expect(one).not.toBe(to(EVM));
    expect(accountPartOf(one)).toBe(accountPartOf(other));
    expect(accountPartOf(one)).toBe(accountPartOf(to(EVM)));
  });

  it('differs by the kind of a venue account', () => {
    const account = (kind: string) => recipientOf({ type: 'venue_account', kind, value: '1234' });
    expect(account('uid')).not.toBe(account('cid'));
  });

  it.each([
    ['an EVM address', EVM, 'abcd1234'],
    ['a Tron address', 'TJRabPrwbZy45sbavfcjinPJC18kjpRTv8', 'JRabRTv8'],
    ['a bech32 address', 'bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq', 'ar0s5mdq'],
    ['a base58 address', '1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2', 'BvBMNVN2'],
  ])('ends with the first and last four characters of %s', (_kind, address, ends) => {
    expect(endsPartOf(to(address))).toBe(ends);
    expect(endsPartOf(to(address, 'memo:7'))).toBe(ends);
  });

  it.each([
    ['a venue account', { type: 'venue_account', kind: 'uid', value: '12345678' }],
    ['a short address', { type: 'address', address: 'alice.near' }],
  ])('has no ends for %s', (_kind, destination) => {
    expect(endsPartOf(recipientOf(destination))).toBe('');
  });
});
