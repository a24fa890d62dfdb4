import { canonicalDestination } from './canonical-destination.js';

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
