interface AnswerSchema {
  readonly $ref?: string;
  readonly oneOf?: readonly AnswerSchema[];
  readonly allOf?: readonly AnswerSchema[];
  readonly type?: string;
  readonly nullable?: boolean;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, AnswerSchema>>;
  /** True: a field of any name and content. */
  readonly additionalProperties?: AnswerSchema | true;
  readonly items?: AnswerSchema;
  readonly pattern?: string;
  readonly enum?: readonly unknown[];
}
interface Content {
  readonly content?: { readonly 'application/json': { readonly schema: AnswerSchema } };
}
interface AnswerOperation {
  readonly summary?: string;
  readonly parameters: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content>>;
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, AnswerOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, AnswerSchema>> };
}
interface NamedOperation {
  readonly name: string;
  readonly path: string;
  readonly method: string;
  readonly operation: AnswerOperation;
}

export class LedgerApiDocument {
  readonly operations: readonly NamedOperation[];
  private readonly schemas: Readonly<Record<string, AnswerSchema>>;

  constructor({ paths, components }: Document) {
    this.schemas = components.schemas;
    this.operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        name: `${method.toUpperCase()} ${path}`,
        path,
        method,
        operation,
      })),
    );
  }

  /** Name of the endpoint that serves this path. A literal part goes before a parameter. */
  nameOf(method: string, path: string): string {
    const [endpoint] = this.operations
      .filter((one) => one.name.startsWith(`${method} `))
      .filter((one) => new RegExp(`^${one.path.replace(/\{\w+\}/g, '[^/]+')}$`).test(path))
      .sort((one, other) => one.path.split('{').length - other.path.split('{').length);
    return endpoint?.name ?? `${method} ${path}`;
  }

  /** Returns the body fields of an endpoint; empty if the endpoint takes no body. */
  bodyFields({ operation }: NamedOperation): readonly string[] {
    return Object.keys(this.resolved(schemaIn(operation.requestBody)).properties ?? {});
  }

  faults(endpoint: string, { status, body }: { status: number; body: unknown }): string[] {
    const found = this.operations.find(({ name }) => name === endpoint);
    const schema = schemaIn(found?.operation.responses[status]);
    return schema ? this.faultsOf(body, schema, '') : ['not described'];
  }

  private resolved(schema: AnswerSchema | undefined): AnswerSchema {
    const { $ref, allOf, ...rest } = schema ?? {};
    if (allOf?.[0]) return { ...this.resolved(allOf[0]), ...rest };
    return $ref === undefined ? rest : (this.schemas[$ref.split('/').at(-1) ?? ''] ?? {});
  }

  /**
   * Checks the part of JSON Schema in use. An empty list proves no format and is a fault, except
   * rules, and what a release books: nothing.
   */
  private faultsOf(value: unknown, described: AnswerSchema, at: string): string[] {
    const schema = this.resolved(described);
    if (schema.oneOf)
      return schema.oneOf
        .map((one) => this.faultsOf(value, one, at))
        .reduce((best, faults) => (faults.length < best.length ? faults : best));
    const type = typeOf(value);
    if (type === 'null') return schema.nullable ? [] : [`${at} is null`];
    if (schema.enum && !schema.enum.includes(value)) return [`${at} is not one of its values`];
    if (schema.type && schema.type !== type && !(schema.type === 'number' && type === 'integer'))
      return [`${at} is a ${type}`];
    if (schema.pattern && !new RegExp(schema.pattern).test(String(value)))
      return [`${at} does not match`];
    if (Array.isArray(value)) {
      if (value.length === 0 && !/\.(?:violations|rules|release)$/.test(at))
        return [`${at} is empty`];
      return value.flatMap((item, index) =>
        this.faultsOf(item, schema.items ?? {}, `${at}[${index}]`),
      );
    }
    return type === 'object' ? this.faultsOfFields(value as object, schema, at) : [];
  }

  private faultsOfFields(value: object, schema: AnswerSchema, at: string): string[] {
    const { properties, additionalProperties, required = [] } = schema;
    const missing = required.filter((field) => !(field in value));
    const faults = Object.entries(value).flatMap(([field, item]) => {
      const described = properties?.[field] ?? additionalProperties;
      if (described === true) return [];
      return described
        ? this.faultsOf(item, described, `${at}.${field}`)
        : [`${at}.${field} is not described`];
    });
    return [...missing.map((field) => `${at}.${field} is missing`), ...faults];
  }
}

function schemaIn(described: Content | undefined): AnswerSchema | undefined {
  return described?.content?.['application/json'].schema;
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
}
