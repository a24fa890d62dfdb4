import type { Column } from './table.js';
import { paintState } from './style.js';
import { preciseTime, time } from './time.js';

/** A field as it is; its title is its name unless told. */
export function plain(of: string, title = of.replaceAll('_', ' ')): Column {
  return { title, of };
}

export function amount(of: string, title = of): Column {
  return { title, of, align: 'right' };
}

export function count(of: string, title = of): Column {
  return { title, of, align: 'right' };
}

export function when(of: string, title: string): Column {
  return { title, of, show: time };
}

export function exactlyWhen(of: string, title: string): Column {
  return { title, of, show: preciseTime };
}

export function state(of: string, title = of): Column {
  return { title, of, paint: paintState };
}

/** `USDT.ETH`, from an answer that has the two apart. */
export const ASSET: Column = {
  title: 'asset',
  of: ({ currency, network }) => `${String(currency)}.${String(network)}`,
};
