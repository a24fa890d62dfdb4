import { networkInterfaces } from 'node:os';
import { PROXY_SETTINGS } from '../outgoing/outgoing-proxy.js';
import { addressElsewhere, databaseUrl, listenAddress } from './addresses.js';
import { readConfig } from './read-config.js';

const FORM = 'HOST must be an IP address of this machine, or 0.0.0.0 or :: for all of them';

describe('the address to listen at', () => {
  const read = (HOST: string) => readConfig({ HOST }, { host: listenAddress('HOST') }).host;

  it.each(['127.0.0.1', '0.0.0.0', '::', '::1', '10.1.2.3', 'fe80::1%eth0', 'localhost'])(
    'may be %s',
    (address) => {
      expect(read(address)).toBe(address);
    },
  );

  it.each(['x86_64-conda-linux-gnu', 'ledger', '[::1]', '127.1', '0.0.0.0:8080', 'http://0.0.0.0'])(
    'is not %s',
    (name) => {
      expect(() => read(name)).toThrow(`configuration: ${FORM}, and is "${name}"`);
    },
  );

  it('is one of this machine', () => {
    const own = Object.values(networkInterfaces()).flatMap((all = []) => all);
    for (const { address } of own) expect(addressElsewhere('HOST', address)).toEqual([]);
    for (const address of ['0.0.0.0', '::', '0::0', '127.0.0.2', '::1', '', undefined])
      expect(addressElsewhere('HOST', address)).toEqual([]);
  });

  it.each(['203.0.113.7', '2001:db8::7', '::ffff:203.0.113.7'])('is not %s', (address) => {
    expect(addressElsewhere('HOST', address)).toEqual([
      `${FORM}, and ${address} is none of its addresses`,
    ]);
  });
});

const SCHEMA = { url: databaseUrl('DATABASE_URL') };
const SENTENCE = 'percent-encode the password';
const HOST = 'db.example:5432/ledger';

/** Passwords with a character that ends a part of a URL. None may lead to another host. */
const AMBIGUOUS = [
  'p@ss',
  'pass@',
  '@',
  'p@ss/word',
  'p/ss',
  '12/34',
  '12#34',
  'p#ss',
  '#',
  '12?34',
  'p?ss@',
  'p%ss',
  '100%',
  '%4',
  '%zz',
  'p ss',
  'p\tss',
  'p\nss',
];

describe('a password in a URL', () => {
  it.each(AMBIGUOUS)(
    'is refused unescaped in the URL of a database, and not shown: %j',
    (secret) => {
      const read = (): unknown =>
        readConfig({ DATABASE_URL: `postgres://login:${secret}@${HOST}` }, SCHEMA);
      expect(read).toThrow(SENTENCE);
      expect(read).not.toThrow(`:${secret}@`);
    },
  );

  it.each(AMBIGUOUS)('is taken percent-encoded, and leads to the host of the URL: %j', (secret) => {
    const given = `postgres://login:${encodeURIComponent(secret)}@${HOST}?sslmode=verify-full`;
    const { url } = readConfig({ DATABASE_URL: given }, SCHEMA);
    const { host, password } = new URL(url.reveal());
    expect({ host, password: decodeURIComponent(password) }).toEqual({
      host: 'db.example:5432',
      password: secret,
    });
  });

  it.each(AMBIGUOUS)('is refused unescaped in the URL of a proxy: %j', (secret) => {
    expect(() =>
      readConfig(
        { OUTGOING_PROXY_URL: `http://user:${secret}@proxy.example:3128` },
        PROXY_SETTINGS,
      ),
    ).toThrow(SENTENCE);
  });

  it.each(['p:ss', "p!$&'()*+,;=-._~ss", 'pässword'])('may have other characters: %s', (secret) => {
    const given = `postgres://login:${secret}@${HOST}`;
    expect(new URL(readConfig({ DATABASE_URL: given }, SCHEMA).url.reveal()).host).toBe(
      'db.example:5432',
    );
  });

  it.each(['postgres://db.example/ledger', `postgresql://login@${HOST}`])(
    'may be absent: %s',
    (given) => {
      expect(readConfig({ DATABASE_URL: given }, SCHEMA).url.reveal()).toBe(given);
    },
  );
});
