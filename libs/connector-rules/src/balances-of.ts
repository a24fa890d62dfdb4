import type { Amount } from '@sluice/money';
import { currenciesOf, type VenueCapabilities } from './capabilities.js';
import { recordedAmount } from './recorded-amount.js';
import type { Balances, VenueBalance } from './venue-adapter.js';

/** The fields of a venue's row: its currency, and the parts that make up what we have of it. */
export interface BalanceFields {
  readonly currency: string;
  readonly parts: readonly string[];
}

/**
 * The balances of what this venue pays for us, by its rows: a currency without a row is one of which it has nothing. Null where the rows
 * are none, or one of them cannot be read.
 */
export function balancesOf(
  { forms }: VenueCapabilities,
  rows: unknown,
  fields: BalanceFields,
): Balances | null {
  if (!Array.isArray(rows)) return null;
  const balances: VenueBalance[] = [];
  for (const currency of new Set(forms.flatMap(currenciesOf))) {
    const row = rows.find((one: unknown) => fieldOf(one, fields.currency) === currency) as unknown;
    const parts = fields.parts.map((part) =>
      row === undefined ? '0' : String(fieldOf(row, part)),
    );
    const amounts = parts.map((text) => recordedAmount(text, { currency, network: null }));
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
