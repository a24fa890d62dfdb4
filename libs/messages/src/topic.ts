import { compileRules, type Rules } from './rules.js';

/** A message class: its decorated fields are the validation rules, the TypeScript type and the schema at once. */
export type MessageClass = new () => object;
export type TypeTable = Readonly<Record<string, MessageClass>>;

/** Everything that may appear on one Kafka topic. */
export interface Topic<T extends TypeTable = TypeTable> {
  readonly name: string;
  /** The only service that produces to it (for commands: the one that consumes it). */
  readonly owner: string;
  /** The field of every message that is the Kafka key: what must stay in order is on one partition. */
  readonly key: string;
  readonly types: T;
  readonly rules: ReadonlyMap<string, Rules>;
}

/** The union of `{ type, data }` over a topic's table of types. */
export type Body<T extends TypeTable> = { [K in keyof T & string]: { readonly type: K; readonly data: InstanceType<T[K]> } }[keyof T & string];

export function topic<const T extends TypeTable>(name: string, definition: { owner: string; key: string; types: T }): Topic<T> {
  const rules = new Map(Object.entries(definition.types).map(([type, cls]) => [type, compileRules(cls)]));
  return { name, ...definition, rules };
}
