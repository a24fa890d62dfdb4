import { parseNumbers } from './parse-numbers.js';

/** A JSON number as written. */
export class NumberText {
  constructor(readonly text: string) {}
}

export class DoubledNameError extends SyntaxError {
  override readonly name = 'DoubledNameError';
}

/**
 * Keeps each number as the text it was written in: `0.1` with thirty digits must not pass through a binary float. Throws for
 * text that is not JSON or lies deeper than the stack, and a DoubledNameError for an object that names a field twice.
 */
export function parseExactJson(text: string): unknown {
  const value = parseNumbers(text, (_value, source) => new NumberText(source));
  if (hasDoubledName(text)) throw new DoubledNameError('an object names a field twice');
  return value;
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
