/** Lists of the settings name addresses in any case: hexadecimal ones differ by their checksum only. */
export function hasAddress(list: readonly string[], address: string): boolean {
  return list.length > 0 && list.some((one) => one.toLowerCase() === address.toLowerCase());
}
