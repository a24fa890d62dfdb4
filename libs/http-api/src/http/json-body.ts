import { DoubledNameError, NumberText, parseExactJson } from '@sluice/kernel';
import { ApiError } from './api-error.js';

const JSON_TYPE = /^application\/json\s*(;|$)/i;
const CHARSET = /;\s*charset\s*=\s*"?([^\s";]*)/i;
/** Charsets with the bytes of UTF-8 for every text, and for texts of ASCII only. */
const OF_UTF8 = /^(utf-?8|us-ascii)$/i;
const OF_ASCII = /^(iso-8859-\d+|windows-125\d)$/i;

/**
 * Parses a body exactly. Throws 415 for a wrong content type or charset, and 422 if the body is not
 * a JSON object.
 */
export function parseJsonBody(
  contentType: string | undefined,
  body: Buffer,
): Record<string, unknown> {
  if (body.length === 0) throw ApiError.invalid(['body: Field required']);
  if (!JSON_TYPE.test(contentType ?? ''))
    throw new ApiError(415, 'Content-Type must be application/json');
  if (!isUtf8(CHARSET.exec(contentType ?? '')?.[1] || 'utf-8', body))
    throw new ApiError(415, 'Content-Type must have the charset utf-8, or none');
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

function isUtf8(charset: string, body: Buffer): boolean {
  return OF_UTF8.test(charset) || (OF_ASCII.test(charset) && body.every((byte) => byte < 0x80));
}

function parse(body: Buffer): unknown {
  const mark = encodingFault(body);
  if (mark !== null) throw ApiError.invalid([`body: Input should ${mark}`]);
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

/** Names an encoding that a parser of JSON would only report as a syntax fault. */
function encodingFault(body: Buffer): string | null {
  const [first = 0, second = 0, third = 0] = body;
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'begin without a byte order mark';
  const isMark = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  const isWide = body.length > 1 && (first === 0 || second === 0); // JSON begins with two ASCII characters
  return isMark || isWide ? 'be UTF-8, without a byte order mark, and is UTF-16 or UTF-32' : null;
}
