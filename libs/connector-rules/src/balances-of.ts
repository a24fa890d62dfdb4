import { foldedName, wireText, type Amount } from '@sluice/kernel';
import { currenciesOf, type VenueCapabilities } from './capabilities.js';
import { recordedAmount } from './recorded-amount.js';
import type { VenueBalances, VenueBalance } from './venue-adapter.js';

/** Field names of a venue's balance row: the currency, and the amounts to add up. */
interface BalanceFields {
  readonly currency: string;
  readonly parts: readonly string[];
}

/**
 * Returns the balances of all currencies paid by the venue. A currency without a row has balance 0,
 * unless a row names none. Returns null if `rows` is no array or a row is
 * unreadable.
 */
export function balancesOf(
  { forms }: VenueCapabilities,
  rows: unknown,
  fields: BalanceFields,
): VenueBalances | null {
  if (!Array.isArray(rows)) return null;
  const named = rows.map((row: unknown) => ({
    row,
    currency: foldedName(wireText(fieldOf(row, fields.currency))),
  }));
  const areAllNamed = !named.some(({ currency }) => currency === '');
  const balances: VenueBalance[] = [];
  for (const currency of new Set(forms.flatMap(currenciesOf))) {
    const own = named.find((one) => one.currency === currency);
    if (own === undefined && !areAllNamed) return null;
    const parts = fields.parts.map((part) => (own === undefined ? '0' : fieldOf(own.row, part)));
    const amounts = parts.map((part) => recordedAmount(part, { currency, network: null }));
    const read = amounts.filter((amount): amount is Amount => amount !== null);
    const [first, ...rest] = read;
    if (first === undefined || read.length < amounts.length) return null;
    balances.push({ currency, total: rest.reduce((sum, part) => sum.plus(part), first) });
  }
  return { kind: 'balances', balances };
}

function fieldOf(row: unknown, name: string): unknown {
  return typeof row === 'object' && row !== null
    ? (row as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
