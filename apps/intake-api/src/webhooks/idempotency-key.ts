import { ApiError } from '@sluice/http-api';

const LONGEST_KEY = 128;

export const IDEMPOTENCY_KEY_HEADER = {
  name: 'Idempotency-Key',
  required: false,
  description:
    'Does what `idempotency_key` does, in printable ASCII. No signature covers it: prefer the field. Where both are there they must be the same',
  schema: { type: 'string', minLength: 1, maxLength: LONGEST_KEY, pattern: '^[ -~]+$' },
};

/**
 * Returns the idempotency key from the body or the header; null without a key. Throws 422 if they
 * differ.
 */
export function idempotencyKeyOf(
  field: string | null | undefined,
  header: string | undefined,
): string | null {
  if (header === undefined) return field ?? null;
  if (header.length === 0 || header.length > LONGEST_KEY)
    throw ApiError.invalid([`Idempotency-Key: Header should have 1 to ${LONGEST_KEY} characters`]);
  if (!/^[ -~]+$/.test(header))
    throw ApiError.invalid(['Idempotency-Key: Header should be in printable ASCII']);
  if (typeof field === 'string' && field !== header)
    throw ApiError.invalid(['Idempotency-Key: Header should be the same as idempotency_key']);
  return header;
}
