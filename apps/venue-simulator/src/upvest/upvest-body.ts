import { ok, refuse, type Result } from '@sluice/kernel';
import { isPlainObject } from '../sim/check.js';
import { problem, type Problem } from './upvest-problems.js';
import type { UpvestCall } from './upvest-state.js';

type UpvestFields = Readonly<Record<string, unknown>>;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function readBody(call: UpvestCall): Result<UpvestFields, Problem> {
  if (!call.headers['content-type']?.toLowerCase().startsWith('application/json'))
    return invalid('The content type has to be application/json');
  try {
    const body: unknown = JSON.parse(Buffer.from(call.body).toString('utf8'));
    if (isPlainObject(body)) return ok(body);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return invalid('The body has to be a JSON object');
}

export function requiredUuid(fields: UpvestFields, name: string): Result<string, Problem> {
  const value = fields[name];
  return typeof value === 'string' && UUID.test(value)
    ? ok(value.toLowerCase())
    : invalid(`${name} has to be a UUID`);
}

/** Reads an optional text field; absent and null have the same meaning. */
export function optionalText(
  fields: UpvestFields,
  name: string,
  pattern: RegExp,
): Result<string | null, Problem> {
  const value = fields[name] ?? null;
  if (value === null) return ok(null);
  return typeof value === 'string' && pattern.test(value)
    ? ok(value)
    : invalid(`${name} is malformed`);
}

export function invalid(detail: string): Result<never, Problem> {
  return refuse(problem('invalid_request', detail));
}
