import { ApiError } from './api-error.js';

type Reviver = (
  this: unknown,
  key: string,
  value: unknown,
  context: { source?: string },
) => unknown;

/**
 * Parses a body keeping each JSON number as the text it was written in: `0.1` with thirty digits must not pass through a
 * binary float on its way to the ledger. Throws the contract's validation error for anything that is not a JSON object.
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

/** A JSON number as written. */
export class NumberText {
  constructor(readonly text: string) {}
}

const keepNumbers: Reviver = (_key, value, context) =>
  typeof value === 'number' ? new NumberText(context.source ?? String(value)) : value;

function parse(body: Buffer): unknown {
  const text = body.toString('utf8');
  if (!Buffer.from(text, 'utf8').equals(body))
    throw ApiError.invalid(['body: Input should be valid UTF-8']);
  const value = parseText(text);
  if (hasDoubledName(text)) throw ApiError.invalid(['body: Input should name each field once']);
  return value;
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(text, keepNumbers as (key: string, value: unknown) => unknown);
  } catch {
    throw ApiError.invalid(['body: Input should be valid JSON']);
  }
}

const NAMES_AND_BRACKETS = /("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?|[{}[\]]/g;

/** Of two equal names one reader takes the last and another the first, and the signature is right for both. The text is valid JSON. */
function hasDoubledName(text: string): boolean {
  const around: Set<unknown>[] = [];
  for (const [token, quoted = '', colon] of text.matchAll(NAMES_AND_BRACKETS)) {
    if (token === '{' || token === '[') around.push(new Set());
    else if (token === '}' || token === ']') around.pop();
    else if (colon !== undefined) {
      const names = around.at(-1);
      const name: unknown = JSON.parse(quoted);
      if (names?.has(name)) return true;
      names?.add(name);
    }
  }
  return false;
}
