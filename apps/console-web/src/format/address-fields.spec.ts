import { addressesIn } from './address-fields.js';

describe('the addresses in a content', () => {
  it('are found at any depth, by the name of the field', () =>
    expect(
      addressesIn({
        destination: { type: 'address', address: '0xab', memo: '7' },
        list: [{ to_address: '0xcd' }],
        recipient: 'bc1q',
        other: '0xef',
        address: null,
      }),
    ).toEqual(['0xab', '0xcd', 'bc1q']));
});
