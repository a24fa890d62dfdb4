import type { Option } from './command.js';
import type { Input } from './input.js';

const NONE = 'none';

export const ASSET_OPTIONS: readonly Option[] = [
  { name: 'currency', value: 'C', help: 'e.g. USDT', required: true },
  { name: 'network', value: 'N', help: 'e.g. ETH', required: true },
];

export const FROM: Option = {
  name: 'from',
  value: 'TIME',
  help: 'start of validity, e.g. 2026-12-01T00:00:00Z, at least 15 s ahead; default in 15 s',
};

export const TWO_PEOPLE = 'It counts when a second person approves it: sluice approve.';

/** Returns a currency or network code in upper case. */
export function codeIn(input: Input, name: string): string {
  return input.text(name).toUpperCase();
}

export function yesOrNo(input: Input, name: string): boolean | undefined {
  const word = input.choice(name, ['yes', 'no']);
  return word === undefined ? undefined : word === 'yes';
}

/** Returns null for the word none, undefined if not given. */
export function textOrNone(input: Input, name: string): string | null | undefined {
  const text = input.optional(name);
  return text === NONE ? null : text;
}

/** Returns the fields with a value. */
export function given<T extends object>(fields: T): Given<T> {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Given<T>;
}

type Given<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

/** Returns the newest version, to be followed by the next version; null if none exists. */
export function newestOf<T extends { readonly version: number }>(versions: readonly T[]): T | null {
  return versions.toSorted((one, other) => one.version - other.version).at(-1) ?? null;
}

export function isAsset(currency: string, network: string) {
  return (one: { readonly currency: string; readonly network: string }) =>
    one.currency === currency && one.network === network;
}
