import type { AddressEntryDto } from '@sluice/http-api';
import { addressesIn } from '../../../format/address-fields.js';

/** Largest page of an address book: a full page may lack entries. */
export const MOST_ENTRIES = 1_000;

/** Addresses to which the book permits payments now: neither removed nor waiting entries. */
export function usableAddresses(
  entries: readonly Pick<AddressEntryDto, 'destination' | 'usable_at' | 'removed_at'>[],
  nowMs: number,
): readonly string[] {
  return entries
    .filter(
      ({ usable_at: usableAt, removed_at: removedAt }) =>
        removedAt === null && usableAt !== null && Date.parse(usableAt) <= nowMs,
    )
    .flatMap(({ destination }) => addressesIn(destination));
}

/** Returns true or false if the book proves it, and null if the book was not read completely. */
export function isInBook(
  address: string,
  entries: Parameters<typeof usableAddresses>[0] | undefined,
  nowMs: number | null,
): boolean | null {
  if (entries === undefined || nowMs === null) return null;
  if (usableAddresses(entries, nowMs).includes(address)) return true;
  return entries.length < MOST_ENTRIES ? false : null;
}

/** Returns the id before an entry's id: the list after it begins with the entry. */
export function idBefore(id: string): string {
  const digits = (BigInt(`0x${id.replaceAll('-', '')}`) - 1n).toString(16).padStart(32, '0');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
