import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';

/** Every refusal: nothing but its sentence. */
export const REFUSAL = {
  type: 'object',
  required: ['success', 'message'],
  properties: {
    success: { type: 'boolean' },
    message: { type: 'string' },
  },
};

const MALFORMED =
  'the path, the query or the body breaks the form that is described here; the message names each field';

/** With which statuses a handler refuses, and when: each with its sentence. Whatever it reads may also be malformed (422). */
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
