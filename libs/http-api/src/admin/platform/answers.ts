import { applyDecorators } from '@nestjs/common';
import { ApiAcceptedResponse, ApiExtraModels, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { Accepted } from '../../http/envelope.js';
import { AwaitedDto } from './approvals.dto.js';

/** Documents a handler's 202 response: a second person must send the same request. */
export function MayAwait(): MethodDecorator {
  const data = { $ref: getSchemaPath(AwaitedDto) };
  const properties = {
    success: { type: 'boolean' },
    message: { type: 'string', enum: ['OK'] },
    data,
  };
  return applyDecorators(
    ApiExtraModels(AwaitedDto),
    ApiAcceptedResponse({
      description: 'recorded; nothing is done until a second person approves',
      schema: { type: 'object', required: Object.keys(properties), properties },
    }),
  );
}

/**
 * Converts a handler's result: an awaited approval becomes a 202 response, a done action stays
 * unchanged.
 */
export function acceptedWhenAwaited<T extends object>(
  answer: T | AwaitedDto,
): T | Accepted<AwaitedDto> {
  return 'approval_id' in answer ? new Accepted(answer) : answer;
}

/** Schema of every refusal: only the message. */
const REFUSAL = {
  type: 'object',
  required: ['success', 'message'],
  properties: {
    success: { type: 'boolean' },
    message: { type: 'string' },
  },
};

const MALFORMED =
  'the path, the query or the body breaks the form that is described here; the message names each field';

/**
 * Documents the refusal statuses of a handler, each with a sentence about the condition. Malformed
 * input (422) is always included.
 */
export function Refuses(statuses: Readonly<Record<number, string>> = {}): MethodDecorator {
  const all = {
    ...statuses,
    422: statuses[422] === undefined ? MALFORMED : `${MALFORMED}; or ${statuses[422]}`,
  };
  return applyDecorators(
    ...Object.entries(all).map(([status, description]) =>
      ApiResponse({ status: Number(status), description, schema: REFUSAL }),
    ),
  );
}

/** A row with timestamps still as `Date` values. */
export type DatedRow<T> = { readonly [K in keyof T]: T[K] | Date };

/** Converts the timestamps of a row to ISO text for the API response. */
export function asWritten<T extends object>(row: DatedRow<T>): T {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      value instanceof Date ? value.toISOString() : value,
    ]),
  ) as T;
}
