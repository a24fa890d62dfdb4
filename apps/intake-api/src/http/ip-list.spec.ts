import { isListed } from './ip-list.js';

describe('isListed', () => {
  const CLIENTS = ['203.0.113.7', '::ffff:203.0.113.7', '::ffff:cb00:7107'];
  const ENTRIES = ['203.0.113.7', '203.0.113.0/24', '::ffff:203.0.113.7', '::ffff:203.0.113.0/120'];

  it.each(CLIENTS.flatMap((client) => ENTRIES.map((entry) => [client, entry] as const)))(
    'finds %s by %s',
    (client, entry) => expect(isListed(client, [entry])).toBe(true),
  );

  it.each([
    ['::ffff:203.0.114.7', '203.0.113.0/24'],
    ['203.0.114.7', '::ffff:203.0.113.0/120'],
    ['2001:db8::7', '203.0.113.7'],
    ['203.0.113.7', '2001:db8::/32'],
    ['', '203.0.113.7'],
  ])('does not find "%s" by %s', (client, entry) => expect(isListed(client, [entry])).toBe(false));
});
