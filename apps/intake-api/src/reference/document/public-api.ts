import type { Type } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { previewOf } from '@sluice/service-shell';
import { NOTIFIED_EVENTS } from '../../webhooks/notified-events.dto.js';
import {
  JSON_TYPE,
  type OpenApi,
  type OpenApiOperation,
  type OpenApiSchema,
  type Parameter,
} from './open-api.js';
import { refusalsOf, REQUEST_ID } from './refusals.js';
import { ABOUT, CREDENTIAL_HEADERS, TAGS } from './words.js';

const PUBLIC_PATH = '/v1/';
const PREFERENCE_APPLIED = {
  'Preference-Applied': {
    description: 'For how long the answer was held at the most, as `wait=N`',
    schema: { type: 'string', pattern: '^wait=[0-9]+$' },
  },
};
const REPLAYED = {
  'Idempotent-Replayed': {
    description:
      '`true`: an earlier request with the same idempotency key made this, and the answer is its present state',
    schema: { type: 'string', enum: ['true'] },
  },
};
const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

/** Public API as OpenAPI 3.1, from controllers and validating classes; no service is started. */
export async function describePublicApi(module: Type): Promise<OpenApi> {
  const app = await previewOf(module);
  const about = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Sluice')
    .setDescription(ABOUT)
    .setVersion('1')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer('/', 'the host that serves this document');
  for (const [scheme, [name, description]] of Object.entries(CREDENTIAL_HEADERS))
    about.addSecurity(scheme, { type: 'apiKey', in: 'header', name, description });
  const extraModels = { extraModels: EVENT_MODELS };
  const document = plain(SwaggerModule.createDocument(app, about.build(), extraModels));
  return withWideIntegers(published(document));
}

/** Converts to plain JSON: removes undefined values and class instances. */
function plain(document: object): OpenApi {
  return JSON.parse(JSON.stringify(document)) as OpenApi;
}

/** Code generators read an integer without a format as 32 bits wide. Numbers of withdrawals and cursors need 64. */
function withWideIntegers<Document extends object>(document: Document): Document {
  return JSON.parse(JSON.stringify(document), (_key, value: unknown) =>
    isWideInteger(value) ? { ...value, format: 'int64' } : value,
  ) as Document;
}

function isWideInteger(value: unknown): value is OpenApiSchema {
  if (typeof value !== 'object' || value === null || !('type' in value)) return false;
  if (![value.type].flat().includes('integer')) return false;
  return !('maximum' in value && Number(value.maximum) < 2 ** 31);
}

function published(document: OpenApi): OpenApi {
  const paths = sorted(document.paths)
    .filter(([path]) => path.startsWith(PUBLIC_PATH))
    .map(([path, operations]) => {
      const known = METHODS.flatMap((method) => {
        const operation = operations[method];
        return operation ? [[method, complete(operation)] as const] : [];
      });
      return [path, Object.fromEntries(known)] as const;
    });
  const tags = new Set(
    paths.flatMap(([, operations]) => Object.values(operations).flatMap((one) => one.tags)),
  );
  const { securitySchemes } = document.components;
  const webhooks = notifiedWebhooks();
  return {
    ...document,
    tags: Object.entries(TAGS)
      .filter(([name]) => tags.has(name))
      .map(([name, description]) => ({ name, description })),
    paths: Object.fromEntries(paths),
    webhooks,
    components: {
      schemas: reached({ ...Object.fromEntries(paths), webhooks }, document.components.schemas),
      securitySchemes,
    },
  };
}

function complete(described: OpenApiOperation): OpenApiOperation {
  const {
    'x-refusals': _names,
    'x-waits': waits,
    'x-replays': replays,
    'x-any-query': _any,
    ...operation
  } = described;
  const served = Object.entries(operation.responses).map(([status, answer]) => [
    status,
    {
      ...answer,
      description: answer.description || 'As described',
      headers: { ...REQUEST_ID, ...(waits && PREFERENCE_APPLIED), ...(replays && REPLAYED) },
    },
  ]);
  return {
    ...operation,
    responses: {
      ...(Object.fromEntries(served) as OpenApiOperation['responses']),
      ...refusalsOf(described),
    },
  };
}

/** Returns the schemas referenced by the paths, directly or indirectly. */
function reached(
  paths: object,
  schemas: Readonly<Record<string, OpenApiSchema>>,
): Readonly<Record<string, OpenApiSchema>> {
  const found = new Set<string>();
  const walk = (part: unknown): void => {
    if (typeof part !== 'object' || part === null) return;
    for (const [name, value] of Object.entries(part)) {
      const schema = name === '$ref' ? String(value).split('/').at(-1) : undefined;
      if (schema === undefined) walk(value);
      else if (!found.has(schema)) {
        found.add(schema);
        walk(schemas[schema]);
      }
    }
  };
  walk(paths);
  return Object.fromEntries(sorted(schemas).filter(([name]) => found.has(name)));
}

function sorted<T>(table: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(table).sort(([one], [other]) => (one < other ? -1 : 1));
}

/** The classes of the events, for the document to describe. */
const EVENT_MODELS = Object.values(NOTIFIED_EVENTS).map(([dto]) => dto);

function notifiedWebhooks(): Readonly<Record<string, { readonly post: OpenApiOperation }>> {
  return Object.fromEntries(
    Object.entries(NOTIFIED_EVENTS).map(([event, [dto, summary]]) => [
      event,
      { post: receivedAs(event, dto.name, summary) },
    ]),
  );
}

function receivedAs(event: string, data: string, summary: string): OpenApiOperation {
  const body: OpenApiSchema = {
    type: 'object',
    required: ['id', 'event', 'created_at', 'api_version', 'data'],
    properties: {
      id: {
        type: 'integer',
        description: 'of the delivery, the same on every attempt: handle one once',
      },
      event: { type: 'string', enum: [event] },
      created_at: { type: 'string', example: '2026-05-16T22:00:00.481000Z' },
      api_version: { type: 'string', example: '1' },
      data: { $ref: `#/components/schemas/${data}` },
    },
  };
  return {
    operationId: `receive${event.split(/[._]/).map(capitalised).join('')}`,
    summary,
    tags: ['webhooks'],
    parameters: HEADERS,
    requestBody: { required: true, content: { [JSON_TYPE]: { schema: body } } },
    responses: { '2XX': { description: 'Any status of success within 10 seconds' } },
  };
}

function capitalised(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}

const TEXT: OpenApiSchema = { type: 'string' };
const HEADERS: readonly Parameter[] = (
  [
    ['X-CPG-Event', true, 'The event’s name'],
    ['X-CPG-Delivery', true, 'The `id` of the body'],
    ['X-CPG-Timestamp', true, 'Unix time in whole seconds of this attempt'],
    ['X-CPG-Signature', true, 'Lower-case hex of HMAC-SHA256 over `{timestamp}\\n{raw body}`'],
    ['X-CPG-Signature-Next', false, 'The same with the new secret, while a rotation goes on'],
    ['webhook-id', true, 'As Standard Webhooks names the delivery’s id'],
    ['webhook-timestamp', true, 'As Standard Webhooks names the timestamp'],
    [
      'webhook-signature',
      true,
      'One or, while a rotation goes on, two signatures of Standard Webhooks',
    ],
  ] as const
).map(([name, required, description]) => ({
  name,
  in: 'header' as const,
  required,
  description,
  schema: TEXT,
}));
