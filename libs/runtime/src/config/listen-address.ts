import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { isLoopback } from './database-url.js';
import { setting, type Default, type Setting } from './settings.js';

const FORM = 'must be an IP address of this machine, or 0.0.0.0 or :: for all of them';
const ALL = /^(0\.0\.0\.0|[0:]*:[0:]*)$/;

/** Address to listen at. A name is refused: some shells set `HOST` to the name of a platform. */
export function listenAddress(variable: string, ...fallback: Default<string>): Setting<string> {
  return setting(
    variable,
    (value) => {
      if (isIP(value) === 0 && value !== 'localhost')
        throw new Error(`${FORM}, and is ${JSON.stringify(value)}`);
      return value;
    },
    ...fallback,
  );
}

/** Returns the fault of an address that this machine does not have; an empty list if it has it. */
export function addressElsewhere(variable: string, address: string | undefined): readonly string[] {
  if (!address || ALL.test(address) || isLoopback(address)) return [];
  const [plain = ''] = address.split('%', 1);
  const own = Object.values(networkInterfaces()).flatMap((all = []) => all);
  const isOwn = own.some((one) => isIP(plain) === isIP(one.address) && isSame(one.address, plain));
  return isOwn ? [] : [`${variable} ${FORM}, and ${address} is none of its addresses`];
}

/** IPv6 addresses have several spellings; a URL has one. */
function isSame(one: string, other: string): boolean {
  const canonical = (address: string) =>
    isIP(address) === 6 ? new URL(`http://[${address}]`).hostname : address;
  return canonical(one) === canonical(other);
}
