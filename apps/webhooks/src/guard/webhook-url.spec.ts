import fc from 'fast-check';
import { isPublicAddress, readWebhookUrl } from './webhook-url.js';

const PRODUCTION = { allowLoopback: false };
const faultOf = (text: string, rules = PRODUCTION) => {
  const read = readWebhookUrl(text, rules);
  return read.ok ? null : read.refusal;
};

describe('the URL of a webhook', () => {
  it.each([
    'https://example.com/hook?a=1',
    'https://example.com:8443',
    'https://example.com.',
    'https://93.184.216.34/x',
    'https://[2606:2800:220:1:248:1893:25c8:1946]/',
  ])('may be %s', (text) => expect(faultOf(text)).toBeNull());

  // The 17 forms that a guard of names alone lets through or forgets.
  it.each([
    'https://127.0.0.1/',
    'https://0.0.0.0/',
    'https://[::ffff:127.0.0.1]/',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://017700000001/',
    'https://127.1/',
    'https://[::1]/',
    'https://[::]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[2002:7f00:1::]/',
    'https://169.254.169.254/latest/meta-data/',
    'https://100.64.0.1/',
    'https://10.0.0.1/',
    'https://[fd00::1]/',
    'https://[fe80::1]/',
    'https://localhost/',
    'https://LOCALHOST./',
    'https://a.localhost/',
    'https://１２７.０.０.１/',
    'https://168.63.129.16/',
    'https://[::ffff:168.63.129.16]/',
    'https://postgres:443/',
    'https://kubernetes.default.svc/',
    'https://metadata.google.internal/',
    'https://Printer.LOCAL./',
  ])('may not lead to %s', (text) =>
    expect(faultOf(text)).toBe('URL should lead to the public internet'),
  );

  it.each([
    ['http://example.com/', 'URL should begin with https://'],
    ['ftp://example.com/', 'URL should begin with https://'],
    ['javascript:alert(1)', 'URL should begin with https://'],
    ['https://example.com:22/', 'URL should have the port 443 or 8443'],
    ['https://me:hush@example.com/', 'URL should have no user name and no password'],
    ['https://me@example.com/', 'URL should have no user name and no password'],
    ['https://127.0.0.1:8443@example.com/', 'URL should have no user name and no password'],
    ['example.com', 'Input should be a valid URL'],
    ['https://', 'Input should be a valid URL'],
    ['https:///x.example/', 'Input should be a valid URL'],
    ['https:x.example/', 'Input should be a valid URL'],
    ['HTTPS:x.example', 'Input should be a valid URL'],
    ['https://example.com\\@10.0.0.1/', 'Input should be a valid URL'],
    ['https:\\\\example.com/', 'Input should be a valid URL'],
    ['https://example.com/a\r\nb', 'Input should be a valid URL'],
    [' https://example.com/', 'Input should be a valid URL'],
    ['https://example.com/a b', 'Input should be a valid URL'],
    ['https://exam\tple.com/', 'Input should be a valid URL'],
  ])('%s is refused: %s', (text, sentence) => expect(faultOf(text)).toBe(sentence));
});

describe('where loopback is allowed', () => {
  const development = { allowLoopback: true };

  it.each(['http://127.0.0.1:9000/x', 'https://localhost:1234/', 'http://[::1]:80/'])(
    'this machine may be meant: %s',
    (text) => expect(faultOf(text, development)).toBeNull(),
  );

  it.each([
    ['http://example.com/', 'URL should begin with https://'],
    ['https://10.0.0.1/', 'URL should lead to the public internet'],
    ['ftp://127.0.0.1/', 'URL should lead to the public internet'],
    ['http://a:b@127.0.0.1/', 'URL should have no user name and no password'],
  ])('everything else is as everywhere: %s', (text, sentence) =>
    expect(faultOf(text, development)).toBe(sentence),
  );
});

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
