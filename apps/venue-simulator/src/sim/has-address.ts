/**
 * Returns true if the list contains the address, regardless of case: hexadecimal addresses differ
 * in case only by the checksum.
 */
export function hasAddress(list: readonly string[], address: string): boolean {
  return list.length > 0 && list.some((one) => one.toLowerCase() === address.toLowerCase());
}
