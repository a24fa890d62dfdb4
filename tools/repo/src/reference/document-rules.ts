import { Ajv2020, type AnySchemaObject } from 'ajv/dist/2020.js';

type Node = Readonly<Record<string, unknown>>;

interface Operation {
  readonly operationId?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly Node[];
  readonly responses?: Readonly<Record<string, Node>>;
  readonly security?: readonly object[];
}

interface Linted {
  readonly tags?: readonly { readonly name: string }[];
  readonly paths?: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/**
 * Faults of an OpenAPI 3.1 document, each as a sentence starting with the place; empty if valid.
 */
export function openApiFaults(document: Linted): string[] {
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const ids = operations.map(({ operation }) => operation.operationId);
  return [
    ...referenceFaults(document),
    ...schemaFaults(document.components?.['schemas'] ?? {}),
    ...ids
      .filter((id, index) => ids.indexOf(id) !== index)
      .map((id) => `${id}: two operations have this id`),
    ...operations.flatMap(({ path, method, operation }) =>
      operationFaults(`${method.toUpperCase()} ${path}`, path, operation, document),
    ),
  ];
}

/** Each `$ref` leads somewhere. */
export function referenceFaults(document: object): string[] {
  const faults: string[] = [];
  walk(document, '#', (node, at) => {
    const ref = node['$ref'];
    if (typeof ref === 'string' && found(document, ref) === undefined)
      faults.push(`${at}: ${ref} leads nowhere`);
  });
  return faults;
}

/**
 * Checks each schema: the schema must be valid, require only own fields, and accept all given
 * examples.
 */
export function schemaFaults(schemas: Readonly<Record<string, unknown>>): string[] {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: 'document', components: { schemas } });
  return Object.keys(schemas).flatMap((name) => {
    const at = `#/components/schemas/${name}`;
    const faults: string[] = [];
    walk(schemas[name], at, (node, place) => {
      const { required, properties, type, enum: values } = node;
      if (node['nullable'] !== undefined) faults.push(`${place}: nullable is of OpenAPI 3.0`);
      if (Array.isArray(values) && new Set(values).size < values.length)
        faults.push(`${place}: a value is there twice`);
      if (type === 'object' && Array.isArray(required))
        for (const field of required as readonly string[])
          if (!Object.hasOwn((properties as object | undefined) ?? {}, field))
            faults.push(`${place}: requires ${field}, which it does not have`);
      if (node['example'] !== undefined && !isTaken(ajv, node))
        faults.push(`${place}: does not take its own example`);
    });
    return [...faults, ...compileFaults(ajv, `document${at}`, at)];
  });
}

function compileFaults(ajv: Ajv2020, ref: string, at: string): string[] {
  try {
    ajv.compile({ $ref: ref });
    return [];
  } catch (error) {
    return [`${at}: ${(error as Error).message}`];
  }
}

function isTaken(ajv: Ajv2020, { example, ...schema }: Node): boolean {
  return ajv.validate(rebased(schema) as AnySchemaObject, example) === true;
}

/** References of a part lead to the document. */
function rebased(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(rebased);
  if (typeof part !== 'object' || part === null) return part;
  return Object.fromEntries(
    Object.entries(part).map(([name, value]) => [
      name,
      name === '$ref' ? `document${String(value)}` : rebased(value),
    ]),
  );
}

function operationFaults(
  at: string,
  path: string,
  { tags = [], parameters = [], responses = {}, security = [] }: Operation,
  document: Linted,
): string[] {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  const named = parameters.filter((one) => one['in'] === 'path').map(({ name }) => name);
  const schemes = Object.keys(document.components?.['securitySchemes'] ?? {});
  const known = (document.tags ?? []).map(({ name }) => name);
  return [
    ...tags
      .filter((tag) => !known.includes(tag))
      .map((tag) => `${at}: the tag ${tag} has no description`),
    ...inPath
      .filter((name) => !named.includes(name))
      .map((name) => `${at}: {${name}} is not described`),
    ...parameters
      .filter(({ schema }) => schema === undefined)
      .map(({ name }) => `${at}: ${String(name)} has no schema`),
    ...Object.entries(responses)
      .filter(([, { description }]) => typeof description !== 'string' || description === '')
      .map(([status]) => `${at}: ${status} has no description`),
    ...(Object.keys(responses).some((status) => status.startsWith('2'))
      ? []
      : [`${at}: never succeeds`]),
    ...security
      .flatMap(Object.keys)
      .filter((scheme) => !schemes.includes(scheme))
      .map((scheme) => `${at}: ${scheme} is no security scheme`),
  ];
}

function walk(part: unknown, at: string, visit: (node: Node, at: string) => void): void {
  if (typeof part !== 'object' || part === null) return;
  if (!Array.isArray(part)) visit(part as Node, at);
  for (const [name, value] of Object.entries(part))
    if (name !== 'example' && name !== 'examples') walk(value, `${at}/${name}`, visit);
}

function found(document: object, ref: string): unknown {
  return ref
    .split('/')
    .slice(1)
    .reduce<unknown>(
      (part, name) =>
        typeof part === 'object' && part !== null
          ? (part as Node)[name.replaceAll('~1', '/').replaceAll('~0', '~')]
          : undefined,
      document,
    );
}
