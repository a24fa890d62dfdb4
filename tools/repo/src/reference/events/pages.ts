import { ALL_TOPICS, type JsonSchema, type Topic } from '@sluice/messages';
import type { EventType } from './event-types.js';

/**
 * Page of a message type: meaning, topics, fields, and a sample from the wire. The fields are listed
 * on the page of the first type of `types` with the same fields.
 */
export function eventPage(
  { type, topics, about, schema, sample }: EventType,
  types: readonly EventType[],
): string {
  const first = types.find((one) => JSON.stringify(one.schema) === JSON.stringify(schema));
  const fields =
    first === undefined || first.type === type
      ? fieldTable(schema)
      : `The fields are those of [\`${first.type}\`](${first.type}.md).`;
  return `# ${type}

${about}

| Topic | Key | Written by | Read by |
|---|---|---|---|
${topics.map(topicRow).join('\n')}

The value is the data alone, as JSON; [the headers](../events.md#a-message) are those of every message. As JSON Schema: [${type}.json](schemas/${type}.json).

${fields}

An example, as it is on the wire:

\`\`\`text
${Object.entries(sample.headers)
  .map(([name, value]) => `${name}: ${value}`)
  .join('\n')}
\`\`\`

\`\`\`json
${JSON.stringify(JSON.parse(sample.value), null, 2)}
\`\`\`
`;
}

function fieldTable({ properties = {}, required = [] }: JsonSchema): string {
  const rows = Object.entries(properties).map(
    ([name, property]) =>
      `| \`${name}\` | ${typeInWords(property)}${required.includes(name) ? '' : ', may be missing'} | ${cell(property.description)} |`,
  );
  return `| Field | Is | |\n|---|---|---|\n${rows.join('\n')}`;
}

/** Index page with links to every page. */
export function eventIndex(types: readonly EventType[]): string {
  const topics: readonly Topic[] = ALL_TOPICS;
  return `# Every message

Written by \`npm run reference\` from the classes in [libs/messages](../../libs/messages/README.md). All of it in one machine-readable document, AsyncAPI 3: [asyncapi.json](asyncapi.json). How to read and what is promised: [events.md](../events.md).

| Topic | Key | Written by | Read by |
|---|---|---|---|
${topics.map(topicRow).join('\n')}

| Type | |
|---|---|
${types.map(({ type, about }) => `| [\`${type}\`](${type}.md) | ${cell(about)} |`).join('\n')}
`;
}

function topicRow({ name, key, producedBy, consumedBy }: Topic): string {
  return `| \`${name}\` | \`${key}\` | ${producedBy} | ${consumedBy ?? 'anybody'} |`;
}

function cell(text = ''): string {
  return text.replaceAll('|', '\\|');
}

/** Short enough for a table; the schema has the rest. */
function typeInWords(schema: JsonSchema): string {
  if (schema.oneOf)
    return [
      ...new Set(
        schema.oneOf.map((form) => (form.title ? `\`${form.title}\`` : typeInWords(form))),
      ),
    ].join(' or ');
  if (schema.enum) return schema.enum.map((value) => `\`${String(value)}\``).join(' or ');
  const [type = '', ...others] = [schema.type ?? []].flat();
  const of = schema.items ? ` of ${typeInWords(schema.items)}` : '';
  const limit = schema.maxLength ? ` of at most ${schema.maxLength}` : '';
  const name = schema.title ?? `${WORDS[type] ?? type}${of}${limit}`;
  return [name, ...others].join(' or ');
}

const WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  boolean: 'true or false',
  array: 'list',
};
