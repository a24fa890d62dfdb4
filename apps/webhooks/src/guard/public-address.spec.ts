import fc from 'fast-check';
import { isPublicAddress } from './public-address.js';

describe('a public address', () => {
  it.each([
    ['an ordinary one', '93.184.216.34'],
    ['an ordinary one of IPv6', '2606:2800:220:1:248:1893:25c8:1946'],
    ['a public one behind NAT64', '64:ff9b::5db8:d822'],
    ['a public one, mapped', '::ffff:93.184.216.34'],
    ['a public one in 6to4', '2002:5db8:d822::1'],
  ])('%s: %s', (_what, address) => expect(isPublicAddress(address)).toBe(true));
});

describe('no public address', () => {
  it.each([
    ['loopback', '127.0.0.1'],
    ['any of it', '127.255.255.254'],
    ['unspecified', '0.0.0.0'],
    ['a network of its own', '10.0.0.1'],
    ['another', '172.31.255.255'],
    ['another', '192.168.1.1'],
    ['link-local, where clouds answer with credentials', '169.254.169.254'],
    ['Azure’s WireServer', '168.63.129.16'],
    ['the same behind NAT64', '64:ff9b::a83f:8110'],
    ['carrier-grade NAT', '100.64.0.1'],
    ['for documents', '203.0.113.7'],
    ['for benchmarks', '198.18.0.1'],
    ['multicast', '224.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['reserved', '240.0.0.1'],
    ['IPv6 loopback', '::1'],
    ['IPv6 unspecified', '::'],
    ['IPv6 link-local', 'fe80::1'],
    ['with a zone', 'fe80::1%eth0'],
    ['unique-local', 'fd00::1'],
    ['site-local', 'fec0::1'],
    ['IPv6 multicast', 'ff02::1'],
    ['mapped loopback', '::ffff:127.0.0.1'],
    ['the same in hex', '::ffff:7f00:1'],
    ['compatible loopback', '::127.0.0.1'],
    ['translated loopback', '::ffff:0:127.0.0.1'],
    ['loopback behind NAT64', '64:ff9b::7f00:1'],
    ['whatever is behind local NAT64', '64:ff9b:1::5db8:d822'],
    ['loopback in 6to4', '2002:7f00:1::'],
    ['a Teredo client at home', '2001:0:5db8:d822:0:0:f5ff:fffe'],
    ['for documents, IPv6', '2001:db8::1'],
    ['no address', 'example.com'],
    ['nothing', ''],
  ])('%s: %s', (_what, address) => expect(isPublicAddress(address)).toBe(false));

  it('is any embedded one that is not public itself', () => {
    const octet = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(octet, octet, octet, octet, (a, b, c, d) => {
        const hex = [a * 256 + b, c * 256 + d].map((part) => part.toString(16));
        const v4 = [a, b, c, d].join('.');
        const embedded = [`::ffff:${v4}`, `64:ff9b::${v4}`, `2002:${hex.join(':')}::`];

        expect(embedded.map(isPublicAddress)).toEqual(embedded.map(() => isPublicAddress(v4)));
      }),
    );
  });
});
