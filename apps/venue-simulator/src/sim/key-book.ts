import { ok, refuse, type Result } from '@sluice/result';
import type { Fact, FactKeeper, RecordFact } from './facts.js';

/** A key as it was handed in, checked. */
export type KeyFields = Readonly<Record<string, unknown>>;

/** What tells one venue's keys from another's. */
export interface KeyTerms<K> {
  /** The venue's own. */
  readonly fixed: readonly K[];
  /** By what requests name a key. */
  readonly idOf: (key: K) => string;
  /** A key out of the fields that were handed in, or what is wrong with them. */
  readonly read: (fields: unknown) => Result<K, string>;
}

/** The keys that a test brings, as the control API sees them. */
export type BroughtKeys = Pick<KeyBook<{ readonly name: string }>, 'list' | 'bring' | 'drop'>;

/** The venue's keys: its own, which are fixed, and those that a test brings, which stay over restarts and resets. */
export class KeyBook<K extends { readonly name: string }> implements FactKeeper {
  private readonly brought = new Map<string, { readonly fields: KeyFields; readonly key: K }>();

  constructor(
    private readonly terms: KeyTerms<K>,
    private readonly record: RecordFact,
  ) {}

  apply(fact: Fact): void {
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

  /** As they were handed in. */
  list(): readonly KeyFields[] {
    return [...this.brought.values()].map(({ fields }) => fields);
  }

  /** What a reset must not forget. */
  facts(): readonly Fact[] {
    return this.list().map((key) => ({ t: 'key_brought', key }));
  }

  /** Takes a key, in place of an earlier one of its name. Answers a message for a human when it makes no sense. */
  bring(fields: unknown): Result<void, string> {
    const read = this.terms.read(fields);
    if (!read.ok) return read;
    const { name } = read.value;
    const id = this.terms.idOf(read.value);
    if (this.terms.fixed.some((key) => key.name === name))
      return refuse(`key.name ${name} is one of the simulator's own`);
    const same = this.find(id);
    if (same && same.name !== name)
      return refuse(`key ${id} is there already, under the name ${same.name}`);
    const key = fields as KeyFields;
    if (JSON.stringify(this.brought.get(name)?.fields) === JSON.stringify(key))
      return ok(undefined);
    this.record({ t: 'key_brought', key });
    return ok(undefined);
  }

  drop(name: string): Result<void, string> {
    if (!this.brought.has(name)) return refuse(`no key ${name} was brought`);
    this.record({ t: 'key_dropped', name });
    return ok(undefined);
  }
}
