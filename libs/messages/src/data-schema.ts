import { getMetadataStorage } from 'class-validator';
import { orNullSchema, type JsonSchema } from './json-schema.js';
import type { MessageClass } from './message-class.js';
import type { Topic } from './topic.js';

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
