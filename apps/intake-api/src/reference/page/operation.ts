import {
  JSON_TYPE,
  type DocumentedResponse,
  type OpenApi,
  type OpenApiOperation,
} from '../document/open-api.js';
import { exampleOf } from './example.js';
import { fieldsOf, type FieldRow } from './fields.js';
import { escaped, line, prose } from './prose.js';

/** Renders an operation as a section of the page. */
export function operationSection(
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
