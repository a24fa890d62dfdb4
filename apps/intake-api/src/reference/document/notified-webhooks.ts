import { NOTIFIED_EVENTS } from '../../webhooks/notified-events.dto.js';
import {
  JSON_TYPE,
  type OpenApiOperation,
  type Parameter,
  type OpenApiSchema,
} from './open-api.js';

/** The classes of the events, for the document to describe. */
export const EVENT_MODELS = Object.values(NOTIFIED_EVENTS).map(([dto]) => dto);

/** OpenAPI 3.1 `webhooks` section: each event in the form of the request sent to a receiver. */
export function notifiedWebhooks(): Readonly<Record<string, { readonly post: OpenApiOperation }>> {
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
