import { NumberText, parseExactJson } from '@sluice/kernel';

const SECRET_NAME = /secret|token|password|key|credential|signature/i;
const LONGEST_VALUE = 100;
const LONGEST = 500;

/**
 * Summarizes a request body: plain fields, with possible secrets masked. The separate digest covers
 * the whole body.
 */
export function summaryOf(body: Buffer): string {
  const fields = Object.entries(fieldsOf(body)).flatMap(([name, value]) => {
    const text: unknown = value instanceof NumberText ? value.text : value;
    if (typeof text !== 'string' && typeof text !== 'boolean') return [];
    const shown = SECRET_NAME.test(name) ? '***' : String(text).slice(0, LONGEST_VALUE);
    return [`${name.slice(0, LONGEST_VALUE)}: ${shown}`];
  });
  return fields.join('; ').slice(0, LONGEST);
}

function fieldsOf(body: Buffer): object {
  if (body.length === 0) return {};
  try {
    const value: unknown = parseExactJson(body.toString());
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  } catch {
    return {};
  }
}
