import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiError, nearIdempotencyHeader } from '@sluice/http-api';
import type { FastifyRequest } from 'fastify';

const LONGEST_KEY = 128;
const PRINTABLE_ASCII = /^[ -~]+$/;

/** Field of a body that does what the header `Idempotency-Key` does. */
type KeyField = 'client_reference' | 'idempotency_key';

/** The header in the published document, beside the field of the body. */
export function idempotencyKeyHeader(field: KeyField) {
  return {
    name: 'Idempotency-Key',
    required: false,
    description: `Equivalent to \`${field}\`, in printable ASCII. The signature does not cover this header: prefer the field. If both are present, they must be equal`,
    schema: {
      type: 'string',
      minLength: 1,
      maxLength: LONGEST_KEY,
      pattern: PRINTABLE_ASCII.source,
    },
  };
}

/**
 * The header `Idempotency-Key` of a request; undefined without the header. Throws 422 for a header
 * of a similar name, which would protect nothing.
 */
export const IdempotencyKey = createParamDecorator(
  (field: KeyField, context: ExecutionContext): string | undefined => {
    const { headers } = context.switchToHttp().getRequest<FastifyRequest>();
    const near = nearIdempotencyHeader(Object.keys(headers));
    if (near !== undefined)
      throw ApiError.invalid([
        `${near}: Unknown header; did you mean ${field}, or the header Idempotency-Key?`,
      ]);
    return [headers['idempotency-key']].flat()[0];
  },
);

/**
 * Returns the idempotency key from the field or the header; null without a key. Throws 422 for a
 * malformed header, and if both differ.
 */
export function checkedKey(
  name: KeyField,
  field: string | null | undefined,
  header: string | undefined,
): string | null {
  if (header === undefined) return field ?? null;
  const refuse = (reason: string) => ApiError.invalid([`Idempotency-Key: ${reason}`]);
  if (header.length === 0 || header.length > LONGEST_KEY)
    throw refuse(`Header should have 1 to ${LONGEST_KEY} characters`);
  // The meaning of any other byte depends on the encoding.
  if (!PRINTABLE_ASCII.test(header)) throw refuse('Header should be in printable ASCII');
  if (header.trim() !== header) throw refuse('Header should not begin or end with a blank');
  if (typeof field === 'string' && field !== header)
    throw refuse(`Header should be the same as ${name}`);
  return header;
}
