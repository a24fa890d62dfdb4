import { networkInterfaces } from 'node:os';
import { addressElsewhere, listenAddress } from './listen-address.js';
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
