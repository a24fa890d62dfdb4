import { plainAddress } from './refused-credentials.js';

describe('plainAddress', () => {
  it.each([
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::FFFF:cb00:7107', '203.0.113.7'],
    ['0:0:0:0:0:ffff:203.0.113.7', '203.0.113.7'],
    ['203.0.113.7', '203.0.113.7'],
    ['2001:DB8:0:0:0:0:0:7', '2001:db8::7'],
    ['::1', '::1'],
    ['', ''],
    ['unknown', 'unknown'],
  ])('spells %s as %s', (address, plain) => expect(plainAddress(address)).toBe(plain));
});
