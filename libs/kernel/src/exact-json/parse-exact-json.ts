import { parseNumbers } from './parse-numbers.js';

/** A JSON number as written. */
export class NumberText {
  constructor(readonly text: string) {}
}

export class DoubledNameError extends SyntaxError {
  override readonly name = 'DoubledNameError';
}

/**
 * Parses JSON and keeps each number as the original text: `0.1` with thirty digits must not pass
 * through a binary float. Throws for invalid JSON and for nesting deeper than the stack. Throws a
 * DoubledNameError for an object with a repeated field name.
 */
export function parseExactJson(text: string): unknown {
  const value = parseNumbers(text, (_value, source) => new NumberText(source));
  if (hasDoubledName(text)) throw new DoubledNameError('an object names a field twice');
  return value;
}

const NAMES_AND_BRACKETS = /("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?|[{}[\]]/g;

/**
 * Detects repeated names in valid JSON. A reader may use the first or the last of equal names, and
 * the signature is valid for both readings.
 */
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
