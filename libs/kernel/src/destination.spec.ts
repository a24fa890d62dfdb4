import {
  API_VENUES,
  canonicalDestination,
  compareRecipients,
  destinationKey,
  isSameDestination,
  programOf,
  recipientText,
} from './destination.js';

describe('destinationKey', () => {
  it('is the same for one EVM address in any case, and only for those', () => {
    const address = '0x99CED129603abc771C0dabE935c326Ff6C86645d';
    const key = (text: string): string => destinationKey({ type: 'address', address: text });

    expect(key(address)).toBe(key(address.toLowerCase()));
    expect(key('TUu2rLFrmzUodiWfYki7QCNtv1akL682p1')).not.toBe(
      key('tuu2rlfrmzuodiwfyki7qcntv1akl682p1'),
    );
  });

  it('distinguishes recipients by every part, at any position of a separator', () => {
    expect(destinationKey({ type: 'address', address: 'a:b', memo: 'c' })).not.toBe(
      destinationKey({ type: 'address', address: 'a', memo: 'b:c' }),
    );
    expect(destinationKey({ type: 'address', address: 'a', memo: '1' })).not.toBe(
      destinationKey({ type: 'address', address: 'a' }),
    );
  });
});

describe('isSameDestination', () => {
  const asked = { type: 'address', address: 'r', memo: '7' } as const;

  it('compares every field, in whatever order they come', () => {
    expect(isSameDestination(asked, { memo: '7', address: 'r', type: 'address' })).toBe(true);
    expect(isSameDestination(asked, { ...asked, memo: '8' })).toBe(false);
    expect(isSameDestination(asked, { type: 'address', address: 'r' })).toBe(false);
  });
});

describe('programOf', () => {
  it.each<readonly [string, string]>([
    ['gateio-treasury', 'gateio'],
    ['bybit-eu2', 'bybit'],
    ...API_VENUES.map((venue) => [venue, venue] as const),
    ['wallet', 'wallet'],
    ['testvenue', 'testvenue'],
    ['gateiox', 'gateiox'],
  ])('of %s is %s', (name, program) => expect(programOf(name)).toBe(program));
});

describe('canonicalDestination', () => {
  it.each([
    [
      'ETH',
      '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
      '0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed',
    ],
    ['BTC', 'BC1SW50QGDZ25J', 'bc1sw50qgdz25j'],
    ['ETH', 'nonsense', 'nonsense'],
  ])('on %s, %s is %s, with its memo', (network, address, canonical) =>
    expect(canonicalDestination(network, { type: 'address', address, memo: '7' })).toEqual({
      type: 'address',
      address: canonical,
      memo: '7',
    }),
  );

  it('writes the ids of a bank account in small letters, and leaves its texts', () => {
    const id = '0B6A1CDE-4D1C-4B7E-9A1F-2C3D4E5F6A7B';
    const texts = { remittanceInformation: 'Invoice 7', purposeCode: 'SALA' };
    const account = { userId: id, accountGroupId: id, referenceAccountId: id, ...texts };

    expect(canonicalDestination('SEPA', { type: 'reference_account', ...account })).toEqual({
      type: 'reference_account',
      userId: id.toLowerCase(),
      accountGroupId: id.toLowerCase(),
      referenceAccountId: id.toLowerCase(),
      ...texts,
    });
  });
});

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

describe('recipientText', () => {
  it('is one text for every kind of destination, an address as the customer spelled it', () => {
    const address = { type: 'address', address: 'a', memo: 'm' } as const;
    expect(recipientText({ destination: address })).toBe('a');
    expect(recipientText({ destination: address, givenAddress: 'A' })).toBe('A');
    const phone = { type: 'venue_account', kind: 'phone', value: '600', areaCode: '48' } as const;
    expect(recipientText({ destination: phone })).toBe('600');
    const account = { userId: 'u', accountGroupId: 'g', referenceAccountId: 'r' };
    expect(recipientText({ destination: { type: 'reference_account', ...account } })).toBe('r');
  });
});
