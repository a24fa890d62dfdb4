import type { Column } from './table.js';
import { paintState } from './style.js';
import { preciseTime, time } from './time.js';

/** Column for rows with this field. */
type ColumnOf<K extends string> = Column<Readonly<Record<K, unknown>>>;

/** Column with an unformatted field (default title: the field's name). */
export function plain<K extends string>(of: K, title = of.replaceAll('_', ' ')): ColumnOf<K> {
  return { title, of };
}

export function amount<K extends string>(of: K, title: string = of): ColumnOf<K> {
  return { title, of, align: 'right' };
}

export function count<K extends string>(of: K, title: string = of): ColumnOf<K> {
  return { title, of, align: 'right' };
}

export function when<K extends string>(of: K, title: string): ColumnOf<K> {
  return { title, of, show: time };
}

export function exactlyWhen<K extends string>(of: K, title: string): ColumnOf<K> {
  return { title, of, show: preciseTime };
}

export function state<K extends string>(of: K, title: string = of): ColumnOf<K> {
  return { title, of, paint: paintState };
}

/** Column with currency and network combined: `USDT.ETH`. */
export const ASSET: Column<{ readonly currency: string; readonly network: string }> = {
  title: 'asset',
  of: ({ currency, network }) => `${currency}.${network}`,
};
