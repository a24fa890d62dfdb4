import type { OpenApi, OpenApiSchema } from '../document/open-api.js';

/** Field of an object at any depth: `destination.address`, `data[].currency`. */
export interface FieldRow {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly description: string;
}

/** Every field below a schema, in order. */
export function fieldsOf(schema: OpenApiSchema, document: OpenApi, within = ''): FieldRow[] {
  const { properties = {}, required = [] } = resolved(schema, document);
  return Object.entries(properties).flatMap(([name, property]) => {
    const own = resolved(property, document);
    const row = {
      name: `${within}${name}`,
      type: typeOf(own, document),
      required: required.includes(name),
      description: own.description ?? '',
    };
    return [row, ...below(own, document, `${within}${name}`)];
  });
}

function below(schema: OpenApiSchema, document: OpenApi, at: string): FieldRow[] {
  if (schema.items) return fieldsOf(schema.items, document, `${at}[].`);
  const forms = (schema.oneOf ?? schema.anyOf ?? []).map((form) => resolved(form, document));
  if (forms.length === 0) return fieldsOf(schema, document, `${at}.`);
  return forms.flatMap((form) => fieldsOf(form, document, `${at}.`));
}

/** Resolves a schema's reference; properties beside the reference take precedence. */
export function resolved(schema: OpenApiSchema, document: OpenApi): OpenApiSchema {
  const { $ref, allOf, ...own } = schema;
  const only = $ref ?? (allOf?.length === 1 ? allOf[0]?.$ref : undefined);
  if (only === undefined) return schema;
  return { ...document.components.schemas[only.split('/').at(-1) ?? ''], ...own };
}

function typeOf(schema: OpenApiSchema, document: OpenApi): string {
  const types = [schema.type ?? []].flat();
  const forms = schema.oneOf ?? schema.anyOf;
  if (forms && types.every((type) => type !== 'string'))
    return [...new Set(forms.map((form) => typeOf(resolved(form, document), document)))].join(
      ' or ',
    );
  if (schema.items) return `list of ${typeOf(resolved(schema.items, document), document)}`;
  const values = schema.enum?.map((value) => JSON.stringify(value)).join(', ');
  const limits = limitsOf(schema);
  const [name = 'any', ...others] = types;
  return `${[values ?? name, ...(values ? [] : others)].join(' or ')}${limits && `, ${limits}`}`;
}

function limitsOf({
  minLength,
  maxLength,
  minimum,
  maximum,
  format,
  maxItems,
}: OpenApiSchema): string {
  return [
    format,
    maxLength !== undefined && `${minLength ?? 0} to ${maxLength} characters`,
    minimum !== undefined && maximum !== undefined && `${minimum} to ${maximum}`,
    maxItems !== undefined && `at most ${maxItems}`,
  ]
    .filter(Boolean)
    .join(', ');
}
