import type { OpenApi, OpenApiSchema } from '../document/open-api.js';
import { resolved } from './fields.js';

/**
 * Returns an example value of the schema, preferring the schema's examples. Uses the first of
 * several forms, and includes optional fields only with an example.
 */
export function exampleOf(schema: OpenApiSchema, document: OpenApi): unknown {
  const own = resolved(schema, document);
  if (own.example !== undefined) return own.example;
  const [choice] = own.enum ?? own.examples ?? [];
  if (choice !== undefined) return choice;
  const [form] = own.oneOf ?? own.anyOf ?? [];
  if (own.properties) return objectOf(own, document);
  if (form) return exampleOf(form, document);
  if (own.items) return [exampleOf(own.items, document)];
  const types = [own.type ?? []].flat();
  if (types.includes('null')) return null;
  return PLAIN[types[0] ?? ''] ?? '…';
}

const PLAIN: Readonly<Record<string, unknown>> = {
  integer: 1,
  number: 1,
  boolean: true,
  object: {},
  array: [],
};

function objectOf({ properties = {}, required = [] }: OpenApiSchema, document: OpenApi): object {
  const shown = Object.entries(properties).filter(
    ([name, property]) =>
      required.includes(name) || resolved(property, document).example !== undefined,
  );
  return Object.fromEntries(shown.map(([name, property]) => [name, exampleOf(property, document)]));
}
