import type { Socket } from 'node:net';
import { clientAddress, ClientAddresses, isListed } from './client-address.js';

const PROXIES = ['10.0.0.0/8', '2001:db8::/32'];

describe('clientAddress', () => {
  it.each<[string, string, string | undefined, string]>([
    ['without a header, the socket’s', '10.0.0.1', undefined, '10.0.0.1'],
    ['behind a proxy of ours, what it has put at the end', '10.0.0.1', '1.2.3.4', '1.2.3.4'],
    ['never what the client wrote before it', '10.0.0.1', '9.9.9.9, 1.2.3.4', '1.2.3.4'],
    ['through two proxies of ours', '10.0.0.1', '9.9.9.9, 1.2.3.4, 10.0.0.2', '1.2.3.4'],
    ['nothing that a stranger forwards', '1.2.3.4', '9.9.9.9', '1.2.3.4'],
    ['nothing that a stranger forwards in our name', '1.2.3.4', '10.0.0.1', '1.2.3.4'],
    ['a proxy of ours that asks itself', '10.0.0.1', '10.0.0.3', '10.0.0.3'],
    ['IPv4 inside IPv6', '::ffff:10.0.0.1', '1.2.3.4', '1.2.3.4'],
    [
      'an IPv4 client at a socket for both families',
      '::ffff:203.0.113.7',
      undefined,
      '203.0.113.7',
    ],
    ['IPv4 inside IPv6, forwarded', '10.0.0.1', '::ffff:cb00:7107', '203.0.113.7'],
    ['IPv6 in its usual spelling', '2001:db8::1', '2001:DB9:0:0::7', '2001:db9::7'],
    ['IPv6', '2001:db8::1', '2001:db9::7', '2001:db9::7'],
    ['an entry with a port', '10.0.0.1', '9.9.9.9, 1.2.3.4:47011', '1.2.3.4'],
    ['a proxy of ours with a port', '10.0.0.1', '1.2.3.4:47011, 10.0.0.2:80', '1.2.3.4'],
    ['IPv6 in brackets', '10.0.0.1', '[2001:db9::7]', '2001:db9::7'],
    ['IPv6 in brackets with a port', '10.0.0.1', '[2001:DB9::7]:47011', '2001:db9::7'],
    ['IPv6 with a port in quotes', '10.0.0.1', '"[2001:db9::7]:47011"', '2001:db9::7'],
    ['an entry in quotes with blanks', '10.0.0.1', '9.9.9.9 ,\t" 1.2.3.4 "\t', '1.2.3.4'],
    ['IPv4 inside IPv6, as IPv4', '10.0.0.1', '[::ffff:1.2.3.4]:80', '1.2.3.4'],
    ['IPv4 inside IPv6 in hex digits', '10.0.0.1', '::ffff:102:304', '1.2.3.4'],
    ['IPv6 without its zone', '10.0.0.1', 'fe80::1%eth0', 'fe80::1'],
    ['IPv6 in brackets without its zone', '10.0.0.1', '[fe80::1%25eth0]:80', 'fe80::1'],
    ['before an empty entry', '10.0.0.1', '1.2.3.4, ', '1.2.3.4'],
    ['between empty entries', '10.0.0.1', ' ,,9.9.9.9,, 1.2.3.4, "",', '1.2.3.4'],
    ['with nothing but empty entries, the proxy', '10.0.0.1', ' , ,', '10.0.0.1'],
    ['IPv4 inside IPv6 at the socket', '::ffff:1.2.3.4', undefined, '1.2.3.4'],
    ['an empty header', '10.0.0.1', '', '10.0.0.1'],
    ['a peer that has gone', '', '1.2.3.4', ''],
  ])('is, %s', (_what, socket, forwarded, address) => {
    expect(clientAddress(socket, forwarded, PROXIES)).toBe(address);
  });

  it.each([
    'unknown',
    '_hidden',
    'unix:',
    'client.example',
    '1.2.3',
    '0x7f.0.0.1',
    '1.2.3.4:',
    '1.2.3.4:port',
    '1.2.3.4:999999',
    '1.2.3.4.5',
    '[1.2.3.4]:80',
    '[2001:db9::7',
    '2001:db9::7]:80',
    '[2001:db9::7]80',
    '"1.2.3.4',
    '1.2.3.4;proto=https',
    'for=1.2.3.4',
    '1.2.3.4 9.9.9.9',
  ])('is unknown, and on no list, behind %s', (entry) => {
    const reported: string[][] = [];
    const report = (...seen: string[]) => void reported.push(seen);

    const address = clientAddress('10.0.0.1', `1.2.3.4, ${entry}`, PROXIES, report);

    expect(address).toBe('');
    expect(isListed(address, ['0.0.0.0/0', '::/0', '10.0.0.1'])).toBe(false);
    expect(reported).toEqual([[entry, '10.0.0.1']]);
  });

  it('is not changed by what a client writes before the entry of the proxy', () => {
    for (const written of ['unknown', '10.0.0.1', '[', '"', ',,', '9.9.9.9:1', '"9.9.9.9'])
      expect(clientAddress('10.0.0.1', `${written}, 1.2.3.4:5`, PROXIES)).toBe('1.2.3.4');
  });

  it('is the socket’s where no proxy is trusted', () => {
    expect(clientAddress('127.0.0.1', '1.2.3.4', [])).toBe('127.0.0.1');
  });
});

describe('ClientAddresses', () => {
  it('reports an unreadable entry with its proxy once a minute, however the entries differ', () => {
    const lines: object[] = [];
    const logger = { warn: (fields: object) => void lines.push(fields) };
    const addresses = new ClientAddresses({ trustedProxies: PROXIES }, logger);
    const from = (forwarded: string) =>
      addresses.of({
        socket: { remoteAddress: '10.0.0.1' } as Socket,
        headers: { 'x-forwarded-for': forwarded },
      });

    for (const entry of ['unknown', '1.2.3.4:port', 'x'.repeat(500)]) expect(from(entry)).toBe('');
    expect(from('"1.2.3.4:80"')).toBe('1.2.3.4');

    expect(lines).toEqual([{ entry: 'unknown', proxy: '10.0.0.1' }]);
  });
});

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
