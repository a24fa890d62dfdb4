import { readWebhookUrl } from './webhook-url.js';

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
