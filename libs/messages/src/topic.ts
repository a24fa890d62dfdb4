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
  /** What has to leave in the order in which it was decided, also when several instances publish: messages of one withdrawal, or all of one key. */
  readonly inOrder: 'withdrawal' | 'key';
  readonly types: T;
  readonly rules: ReadonlyMap<string, Rules>;
}

/** The union of `{ type, data }` over a topic's table of types. */
export type Body<T extends TypeTable> = {
  [K in keyof T & string]: { readonly type: K; readonly data: InstanceType<T[K]> };
}[keyof T & string];

interface Definition<T extends TypeTable> {
  readonly owner: string;
  readonly key: string;
  /** `withdrawal` unless told. */
  readonly inOrder?: Topic['inOrder'];
  readonly types: T;
}

export function topic<const T extends TypeTable>(
  name: string,
  definition: Definition<T>,
): Topic<T> {
  const rules = new Map(
    Object.entries(definition.types).map(([type, cls]) => [type, compileRules(cls)]),
  );
  return { name, inOrder: 'withdrawal', ...definition, rules };
}
