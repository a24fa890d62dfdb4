import { canonicalIn, readIn } from './families.js';

/**
 * Returns one text per account for keys of recipients, on any network: spellings that can be told
 * by their form alone are folded, as records of venues contain them. Base58 keeps its case.
 */
export function foldedAddress(address: string): string {
  if (/^0x[0-9a-f]{40}$/i.test(address)) return address.toLowerCase();
  if (/^(BC1|LTC1|COSMOS1)[0-9A-Z]+$/.test(address)) return address.toLowerCase();
  if (/^(0x)?41[0-9a-f]{40}$/i.test(address)) return readIn('tron', address) ?? address;
  if (address.length !== 48 && !/^-?\d:/.test(address)) return address;
  const ton = canonicalIn('ton', address);
  return ton.ok ? ton.value : address;
}
