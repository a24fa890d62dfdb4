import type { Column } from './table.js';
import { paintState } from './style.js';
import { preciseTime, time } from './time.js';

/** For every row that has this field. */
type ColumnOf<K extends string> = Column<Readonly<Record<K, unknown>>>;

/** A field as it is; its title is its name unless told. */
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

/** `USDT.ETH`, from an answer that has the two apart. */
export const ASSET: Column<{ readonly currency: string; readonly network: string }> = {
  title: 'asset',
  of: ({ currency, network }) => `${currency}.${network}`,
};
