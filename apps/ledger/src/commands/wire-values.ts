import type { Instant } from '@sluice/ledger-core';
import * as wire from '../wire/wire.js';

/** Returns the fields of a message, with the amount in the unit of its asset. */
export function withAmount<T extends { asset: string; amount: string }>(data: T) {
  return { ...data, amount: wire.amountOf(data.amount, data.asset) };
}

/** Normalizes a time: the wire allows several spellings, but the core compares times as text. */
export function instantOrNull(time: string | null | undefined): Instant | null {
  return time ? new Date(time).toISOString() : null;
}
