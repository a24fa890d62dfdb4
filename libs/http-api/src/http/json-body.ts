import { DoubledNameError, NumberText, parseExactJson } from '@sluice/kernel';
import { ApiError } from './api-error.js';

/**
 * Parses a body exactly. Throws 415 for a wrong content type, and 422 if the body is not a JSON
 * object.
 */
export function parseJsonBody(
  contentType: string | undefined,
  body: Buffer,
): Record<string, unknown> {
  if (body.length === 0) throw ApiError.invalid(['body: Field required']);
  if (!/^application\/json\s*(;|$)/i.test(contentType ?? ''))
    throw new ApiError(415, 'Content-Type must be application/json');
  const value = parse(body);
  if (
    typeof value !== 'object' ||
    value === null ||
    Array.isArray(value) ||
    value instanceof NumberText
  ) {
    throw ApiError.invalid(['body: Input should be a valid object']);
  }
  return value as Record<string, unknown>;
}

function parse(body: Buffer): unknown {
  const text = body.toString('utf8');
  if (!Buffer.from(text, 'utf8').equals(body))
    throw ApiError.invalid(['body: Input should be valid UTF-8']);
  try {
    return parseExactJson(text);
  } catch (error) {
    const what = error instanceof DoubledNameError ? 'name each field once' : 'be valid JSON';
    throw ApiError.invalid([`body: Input should ${what}`]);
  }
}
