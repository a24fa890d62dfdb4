import { ok, refuse, type Result } from '@sluice/kernel';
import type { SimulatedFact, FactKeeper, RecordFact } from './facts.js';

/** Fields of an added key, checked and unchanged. */
export type KeyFields = Readonly<Record<string, unknown>>;

/** Differences between the keys of venues. */
export interface SimulatedKeyTerms<K> {
  /** The venue's own. */
  readonly fixed: readonly K[];
  /** Returns the id used in requests for the key. */
  readonly idOf: (key: K) => string;
  /** Converts added fields to a key, or returns the fault of the fields. */
  readonly read: (fields: unknown) => Result<K, string>;
}

/** Keys added by tests, for the control API. */
export type BroughtKeys = Pick<KeyBook<{ readonly name: string }>, 'list' | 'bring' | 'drop'>;

/**
 * Keys of the venue: the fixed keys, and keys added by tests. Added keys survive restarts and
 * resets.
 */
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

  /** Lists the added keys with the original fields. */
  list(): readonly KeyFields[] {
    return [...this.brought.values()].map(({ fields }) => fields);
  }

  /** Facts to keep in a reset. */
  facts(): readonly SimulatedFact[] {
    return this.list().map((key) => ({ t: 'key_brought', key }));
  }

  /**
   * Adds a key, or replaces an earlier key with the same name. Returns a message for a person if
   * the key is invalid.
   */
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
