import { clientAddress } from './client-address.js';

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
    ['an entry that is no address', '10.0.0.1', '1.2.3.4, unknown', '10.0.0.1'],
    ['an entry with a port', '10.0.0.1', '1.2.3.4:80', '10.0.0.1'],
    ['an empty entry', '10.0.0.1', '1.2.3.4, ', '10.0.0.1'],
    ['an empty header', '10.0.0.1', '', '10.0.0.1'],
    ['a peer that has gone', '', '1.2.3.4', ''],
  ])('is, %s', (_what, socket, forwarded, address) => {
    expect(clientAddress(socket, forwarded, PROXIES)).toBe(address);
  });

  it('is the socket’s where no proxy is trusted', () => {
    expect(clientAddress('127.0.0.1', '1.2.3.4', [])).toBe('127.0.0.1');
  });
});
