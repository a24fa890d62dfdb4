import {
  type DocumentedResponse,
  JSON_TYPE,
  type OpenApi,
  type OpenApiOperation,
  type OpenApiSchema,
} from '../document/open-api.js';
import { escaped, line, prose, STYLE } from './prose.js';

interface Route {
  readonly method: string;
  readonly path: string;
  readonly operation: OpenApiOperation;
}

/** Document as one page of markup and style, without scripts, images or other hosts. */
export function referencePage(document: OpenApi): string {
  const routes = routesOf(document);
  const subjects = document.tags.map((tag) => ({
    ...tag,
    routes: routes.filter(({ operation }) => operation.tags.includes(tag.name)),
  }));
  const { title, description } = document.info;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)} API reference</title>
<style>${STYLE}</style>
</head>
<body>
<nav>
<a class="title" href="#top">${escaped(title)} API</a>
${subjects.map(({ name, routes: own }) => `<h2>${escaped(name)}</h2><ul>${own.map(entry).join('')}</ul>`).join('\n')}
<p><a href="openapi.json">openapi.json</a></p>
</nav>
<main id="top">
<h1>${escaped(title)} API</h1>
${prose(description)}
${subjects
  .map(
    ({ name, description: about, routes: own }) =>
      `<h2 class="subject">${escaped(name)}</h2><p>${line(about)}</p>\n${own
        .map(({ method, path, operation }) => operationSection(method, path, operation, document))
        .join('\n')}`,
  )
  .join('\n')}
</main>
</body>
</html>
`;
}

function routesOf({ paths }: OpenApi): readonly Route[] {
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({ method, path, operation })),
  );
}

function entry({ method, operation }: Route): string {
  return `<li><a href="#${escaped(operation.operationId)}"><b class="${escaped(method)}">${escaped(method.toUpperCase())}</b> ${line(operation.summary)}</a></li>`;
}

function operationSection(
  method: string,
  path: string,
  operation: OpenApiOperation,
  document: OpenApi,
): string {
  const { operationId, summary, description } = operation;
  return `<section id="${escaped(operationId)}">
<h3>${line(summary)}${operation['x-ours'] ? ' <span class="ours">ours</span>' : ''}</h3>
<p class="route"><b class="${escaped(method)}">${escaped(method.toUpperCase())}</b> <code>${escaped(path)}</code></p>
<p class="needs">${permission(operation)}</p>
${description ? prose(description) : ''}
${asked(operation, document)}
${answered(operation, document)}
</section>`;
}

function permission({ 'x-permission': needed }: OpenApiOperation): string {
  return needed
    ? `Needs the permission <code>${escaped(needed)}</code>.`
    : 'Any valid key may call it.';
}

function asked({ parameters, requestBody }: OpenApiOperation, document: OpenApi): string {
  const rows = parameters.map((parameter) => ({
    name: parameter.name,
    type: parameter.in,
    required: parameter.required ?? false,
    description: parameter.description ?? '',
  }));
  const body = requestBody?.content?.[JSON_TYPE]?.schema;
  return [
    rows.length > 0 ? `<h4>Parameters</h4>${table(rows)}` : '',
    body ? `<h4>Body</h4>${table(fieldsOf(body, document))}${json(exampleOf(body, document))}` : '',
  ].join('\n');
}

function answered({ responses }: OpenApiOperation, document: OpenApi): string {
  const all = Object.entries(responses);
  const good = all.filter(([status]) => status.startsWith('2'));
  const bad = all.filter(([status]) => !status.startsWith('2'));
  return `${good.map(([status, answer]) => success(status, answer, document)).join('\n')}
<details><summary>Refusals</summary>
<table><thead><tr><th>Status</th><th><code>message</code></th></tr></thead><tbody>
${bad.map(([status, answer]) => `<tr><td>${escaped(status)}</td><td>${line(answer.description)}</td></tr>`).join('\n')}
</tbody></table></details>`;
}

function success(status: string, answer: DocumentedResponse, document: OpenApi): string {
  const schema = answer.content?.[JSON_TYPE]?.schema;
  const fields = schema ? fieldsOf(schema, document).filter(isOfData) : [];
  return `<h4>${escaped(status)}: ${line(answer.description)}</h4>
${fields.length > 0 ? table(fields) : ''}${schema ? json(exampleOf(schema, document)) : ''}`;
}

/** The envelope is described only once, at the beginning. */
function isOfData({ name }: FieldRow): boolean {
  return name !== 'success' && name !== 'message' && name !== 'data';
}

function table(rows: readonly FieldRow[]): string {
  const cells = rows.map(
    ({ name, type, required, description }) =>
      `<tr><td><code>${escaped(name)}</code></td><td>${escaped(type)}${required ? '' : ', <i>optional</i>'}</td><td>${line(description)}</td></tr>`,
  );
  return `<table><thead><tr><th>Name</th><th>Is</th><th></th></tr></thead><tbody>\n${cells.join('\n')}\n</tbody></table>`;
}

function json(value: unknown): string {
  return `<pre>${escaped(JSON.stringify(value, null, 2))}</pre>`;
}

/** Field of an object at any depth: `destination.address`, `data[].currency`. */
interface FieldRow {
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
function resolved(schema: OpenApiSchema, document: OpenApi): OpenApiSchema {
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

/**
 * Example value of the schema: the first form, with optional fields only if they have an example.
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
