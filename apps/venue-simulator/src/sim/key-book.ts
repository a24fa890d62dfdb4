import { createPublicKey, type KeyObject } from 'node:crypto';
import { ok, refuse, type Result } from '@sluice/kernel';
import { sha256Hex } from '@sluice/signing';
import { listOf, oneOf, someOf, textLike, type ValueCheck } from './check.js';
import type { FactKeeper, KeyFields, RecordFact, SimulatedFact } from './facts.js';

/** Differences between the keys of venues. */
export interface SimulatedKeyTerms<K> {
  /** The venue's own. */
  readonly fixed: readonly K[];
  /** Returns the id used in requests for the key. */
  readonly idOf: (key: K) => string;
  /** Converts added fields to a key, or returns the fault of the fields. */
  readonly read: (fields: unknown) => Result<K, string>;
}

export type BroughtKeys = Pick<KeyBook<{ readonly name: string }>, 'list' | 'bring' | 'drop'>;

/** Fixed keys, and keys added by tests, which survive restarts and resets. */
export class KeyBook<K extends { readonly name: string }> implements FactKeeper {
  private readonly brought = new Map<string, { readonly fields: KeyFields; readonly key: K }>();

  constructor(
    private readonly terms: SimulatedKeyTerms<K>,
    private readonly record: RecordFact,
  ) {}

  apply(fact: SimulatedFact): void {
    if (fact.t === 'key_brought') {
      const key = this.terms.read(fact.key);
      if (key.ok) this.brought.set(key.value.name, { fields: fact.key, key: key.value });
    } else if (fact.t === 'key_dropped') this.brought.delete(fact.name);
  }

  find(id: string): K | undefined {
    return this.all().find((key) => this.terms.idOf(key) === id);
  }

  all(): readonly K[] {
    return [...this.terms.fixed, ...[...this.brought.values()].map(({ key }) => key)];
  }

  list(): readonly KeyFields[] {
    return [...this.brought.values()].map(({ fields }) => fields);
  }

  /** Facts to keep in a reset. */
  facts(): readonly SimulatedFact[] {
    return this.list().map((key) => ({ t: 'key_brought', key }));
  }

  /** Adds or replaces a key. Returns a message if invalid. */
  bring(fields: unknown): Result<void, string> {
    const read = this.terms.read(fields);
    if (!read.ok) return read;
    const { name } = read.value;
    const id = this.terms.idOf(read.value);
    if (this.terms.fixed.some((key) => key.name === name))
      return refuse(`key.name ${name} belongs to the simulator`);
    const same = this.find(id);
    if (same && same.name !== name)
      return refuse(`key ${id} exists already under the name ${same.name}`);
    const key = fields as KeyFields;
    if (JSON.stringify(this.brought.get(name)?.fields) === JSON.stringify(key))
      return ok(undefined);
    this.record({ t: 'key_brought', key });
    return ok(undefined);
  }

  drop(name: string): Result<void, string> {
    if (!this.brought.has(name)) return refuse(`no key ${name} was added`);
    this.record({ t: 'key_dropped', name });
    return ok(undefined);
  }
}

export interface SimulatedApiKey<P extends string> {
  readonly name: string;
  readonly api_key: string;
  readonly api_secret: string;
  readonly permissions: readonly P[];
}

/** Derives a fixed key, which protects only a simulator. */
export function apiKey<P extends string>(
  venue: string,
  name: string,
  permissions: readonly P[],
  length: { key: number; secret: number },
): SimulatedApiKey<P> {
  const digits = (what: 'key' | 'secret'): string =>
    sha256Hex(`simulated ${venue} ${what}: ${name}`).slice(0, length[what]);
  return { name, api_key: digits('key'), api_secret: digits('secret'), permissions };
}

type Brought<P extends string> = Omit<SimulatedApiKey<P>, 'permissions'> &
  Partial<SimulatedApiKey<P>>;

/** Terms for keys added by tests. Default permissions: all. */
export function apiKeyTerms<P extends string>(
  fixed: readonly SimulatedApiKey<P>[],
  permissions: readonly P[],
): SimulatedKeyTerms<SimulatedApiKey<P>> {
  const check = keyFields(
    { name: keyName, api_key: keyText, api_secret: keyText },
    { permissions: permissionsOf(permissions) },
  );
  return {
    fixed,
    idOf: (key) => key.api_key,
    read: (fields): Result<SimulatedApiKey<P>, string> => {
      const fault = check(fields, 'key');
      if (fault !== null) return refuse(fault);
      return ok({ permissions, ...(fields as Brought<P>) });
    },
  };
}

/** Checks of key fields common to several venues. */
export const keyName = textLike(/^[\w-]{1,64}$/);
export const keyText = textLike(/^[\x21-\x7e]{1,256}$/);
export const permissionsOf = (known: readonly string[]): ValueCheck => listOf(oneOf(...known));

/** PEM of a public key. */
export const publicKeyPem: ValueCheck = (value, at) =>
  typeof value === 'string' && readPublicKey(value) !== null
    ? null
    : `${at} has to be the PEM of a public key`;

export function readPublicKey(pem: string): KeyObject | null {
  try {
    return createPublicKey(pem);
  } catch {
    return null; // the text is not a key
  }
}

/** Checks the fields of a key; `required` fields must be present. */
export function keyFields(
  required: Readonly<Record<string, ValueCheck>>,
  optional: Readonly<Record<string, ValueCheck>>,
): ValueCheck {
  const fields = someOf({ ...required, ...optional });
  return (value, at) => {
    const fault = fields(value, at);
    if (fault !== null) return fault;
    const missing = Object.keys(required).find((name) => !Object.hasOwn(value as object, name));
    return missing === undefined ? null : `${at}.${missing} is missing`;
  };
}
