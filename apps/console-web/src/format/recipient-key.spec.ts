import { addressInKey } from './recipient-key.js';

describe('the address in the key of a recipient', () => {
  it.each([
    ['address:0xab12:', { address: '0xab12', memo: '' }],
    ['address:rABC:7%3A8', { address: 'rABC', memo: '7:8' }],
  ])('is complete and alone: %s', (key, found) => expect(addressInKey(key)).toEqual(found));

  it.each(['venue_account:uid::4711', 'address', 'address::', 'address:a:b:c', 'address:%:'])(
    'is not guessed: %s',
    (key) => expect(addressInKey(key)).toBeNull(),
  );
});
