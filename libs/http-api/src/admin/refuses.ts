import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';

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
