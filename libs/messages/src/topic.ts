import { getMetadataStorage, type ValidationArguments } from 'class-validator';
import { type JsonSchema, orNullSchema } from './json-schema.js';

export type TypeTable = Readonly<Record<string, MessageClass>>;

export interface Topic<T extends TypeTable = TypeTable> {
  readonly name: string;
  readonly producedBy: string;
  readonly consumedBy: string | null;
  /**
   * Other services that read the topic by their own groups. With a consumer, each message has a MAC
   * per follower.
   */
  readonly followedBy: readonly string[];
  /** Types with a MAC for the followers; null: all types. */
  readonly followedTypes: ReadonlySet<string> | null;
  /** Services that read the newest records back without a consumer group, for example at their start. */
  readonly readBackBy: readonly string[];
  /** Field used as Kafka key, so that messages about the same subject are on one partition. */
  readonly key: string;
  /** Messages published in the order of their commits, also by several instances: messages of one withdrawal, or messages with one key. */
  readonly orderedBy: 'withdrawal' | 'key';
  /** Required value of `venue` in each message of a topic about a single venue. */
  readonly venue?: string;
  /** Types awaited by a client's request: the relay sends them without a batching delay. */
  readonly awaited: ReadonlySet<string>;
  readonly types: T;
  readonly rules: ReadonlyMap<string, Rules>;
}

export type Body<T extends TypeTable> = {
  [K in keyof T & string]: { readonly type: K; readonly data: InstanceType<T[K]> };
}[keyof T & string];

interface Definition<T extends TypeTable> {
  readonly producedBy: string;
  readonly consumedBy: string | null;
  /** Default: none. */
  readonly followedBy?: readonly string[];
  /** Default: all types. */
  readonly followedTypes?: readonly (keyof T & string)[];
  /** Default: none. */
  readonly readBackBy?: readonly string[];
  readonly key: string;
  /** Default: `withdrawal`. */
  readonly orderedBy?: Topic['orderedBy'];
  readonly venue?: string;
  readonly awaited?: readonly (keyof T & string)[];
  readonly types: T;
}

export function topic<const T extends TypeTable>(
  name: string,
  definition: Definition<T>,
): Topic<T> {
  const rules = new Map(
    Object.entries(definition.types).map(([type, cls]) => [
      type,
      ofVenue(definition.venue, compileRules(cls)),
    ]),
  );
  const awaited = new Set<string>(definition.awaited);
  const followedTypes = definition.followedTypes ? new Set<string>(definition.followedTypes) : null;
  const defaults = { orderedBy: 'withdrawal', followedBy: [], readBackBy: [] } as const;
  return { name, ...defaults, ...definition, awaited, followedTypes, rules };
}

/** A writer of a venue's topic may only publish messages of this venue. */
function ofVenue(venue: string | undefined, rules: Rules): Rules {
  if (venue === undefined) return rules;
  return (data) => {
    const faults = rules(data);
    return data['venue'] === venue ? faults : [...faults, `venue is not ${venue}, as on its topic`];
  };
}

type Metadata = ReturnType<
  ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']
>[number];

/** Returns the faults of a decoded value; empty for a valid value. */
export type Rules = (data: Record<string, unknown>) => readonly string[];

interface Check {
  property: string;
  optional: boolean;
  validate(value: unknown): boolean;
  message(): string;
}

/**
 * Compiles a class's decorators once, for speed; supports `ValidateBy` and `IsOptional`, and throws
 * for others.
 */
export function compileRules(cls: MessageClass): Rules {
  const metadata = getMetadataStorage().getTargetValidationMetadatas(cls, '', false, false);
  const optional = new Set(metadata.filter(isOptional).map((m) => m.propertyName));
  const checks = metadata.filter((m) => !isOptional(m)).map((m) => compileCheck(cls, m, optional));
  return (data) => {
    const faults: string[] = [];
    for (const check of checks) {
      const value = data[check.property];
      if (check.optional && (value === undefined || value === null)) continue;
      if (!check.validate(value)) faults.push(check.message());
    }
    return faults;
  };
}

function isOptional({ type, name }: Metadata): boolean {
  return type === 'conditionalValidation' && name === 'isOptional';
}

function compileCheck(cls: MessageClass, metadata: Metadata, optional: ReadonlySet<string>): Check {
  const property = metadata.propertyName;
  const [constraint] =
    metadata.type === 'customValidation' && !metadata.each
      ? getMetadataStorage().getTargetValidatorConstraints(metadata.constraintCls)
      : [];
  if (!constraint)
    throw new Error(
      `${cls.name}.${property} uses a decorator that message rules cannot compile: ${metadata.type}`,
    );
  const args = {
    property,
    targetName: cls.name,
    constraints: metadata.constraints ?? [],
    object: {},
    value: undefined,
  } satisfies ValidationArguments;
  return {
    property,
    optional: optional.has(property),
    validate: (value) => constraint.instance.validate(value, args) === true,
    message: () => constraint.instance.defaultMessage?.(args) ?? `${property} is not valid`,
  };
}

/** Message class: the decorated fields define the validation rules, the TypeScript type and the schema. */
export type MessageClass = new () => object;

/** Returns the JSON Schema of a type's data, from the decorators of its validation rules. Throws if the topic lacks the type. */
export function dataSchema(topic: Topic, type: string): JsonSchema {
  const cls = topic.types[type];
  if (!cls) throw new Error(`${type} is not a type of ${topic.name}`);
  const schema = classSchema(cls);
  if (topic.venue === undefined) return schema;
  const venue = { ...schema.properties?.['venue'], const: topic.venue };
  return { ...schema, properties: { ...schema.properties, venue } };
}

function classSchema(cls: MessageClass): JsonSchema {
  const metadata = getMetadataStorage().getTargetValidationMetadatas(cls, '', false, false);
  const optional = new Set(
    metadata.filter(({ name }) => name === 'isOptional').map(({ propertyName }) => propertyName),
  );
  const fields = metadata
    .filter(({ name }) => name !== 'isOptional')
    .map(({ propertyName, context }) => {
      const schema = schemaIn(context, cls, propertyName);
      return [propertyName, optional.has(propertyName) ? orNullSchema(schema) : schema] as const;
    });
  return {
    type: 'object',
    required: fields.map(([name]) => name).filter((name) => !optional.has(name)),
    properties: Object.fromEntries(fields),
  };
}

function schemaIn(context: unknown, cls: MessageClass, field: string): JsonSchema {
  const { schema } = (context ?? {}) as { readonly schema?: JsonSchema };
  if (!schema) throw new Error(`${cls.name}.${field} has a decorator without a JSON Schema`);
  return schema;
}
