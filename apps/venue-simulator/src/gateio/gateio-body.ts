import { type Amount, isDecimalText, ok, refuse, type Result } from '@sluice/kernel';
import { amountOf } from '../sim/accounts.js';
import { isPlainObject } from '../sim/check.js';
import type { GateioError } from './gateio-errors.js';
import type { GateioCall } from './gateio-state.js';

type GateioFields = Readonly<Record<string, unknown>>;

export function readBody(call: GateioCall): Result<GateioFields, GateioError> {
  if (!call.contentType?.toLowerCase().startsWith('application/json'))
    return refuse({
      label: 'INVALID_CONTENT_TYPE',
      message: 'Content-Type must be application/json',
    });
  try {
    const body: unknown = JSON.parse(Buffer.from(call.body).toString('utf8'));
    if (isPlainObject(body)) return ok(body);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return refuse({ label: 'INVALID_REQUEST_BODY', message: 'Invalid request body' });
}

/** Reads a required text field. */
export function requiredText(fields: GateioFields, name: string): Result<string, GateioError> {
  const value = fields[name];
  if (value === undefined || value === null || value === '')
    return refuse({
      label: 'MISSING_REQUIRED_PARAM',
      message: `Missing required parameter: ${name}`,
    });
  if (typeof value !== 'string') return invalid(name);
  return ok(value);
}

/** Reads an optional text field; absent, null and empty have the same meaning. */
export function optionalText(
  fields: GateioFields,
  name: string,
): Result<string | null, GateioError> {
  const value = fields[name] ?? '';
  return typeof value === 'string' ? ok(value === '' ? null : value) : invalid(name);
}

/** A positive decimal text of at most `decimals` places. A JSON number is refused: its digits may be lost already. */
export function requiredAmount(
  fields: GateioFields,
  currency: string,
  decimals: number,
): Result<Amount, GateioError> {
  const text = requiredText(fields, 'amount');
  if (!text.ok) return text;
  if (!isDecimalText(text.value)) return invalid('amount');
  const amount = amountOf(text.value, currency);
  if (!amount.isPositive()) return invalid('amount');
  if (amount.decimals() > decimals)
    return refuse({
      label: 'INVALID_PRECISION',
      message: `amount precision is limited to ${decimals}`,
    });
  return ok(amount);
}

export function invalid(name: string): Result<never, GateioError> {
  return refuse({ label: 'INVALID_PARAM_VALUE', message: `Invalid parameter value: ${name}` });
}
