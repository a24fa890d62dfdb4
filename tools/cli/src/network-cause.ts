import { isRow } from './row.js';

/** The code of a failed connection, or beneath a failed fetch, e.g. `ECONNREFUSED`; or what else says most about it. */
export function networkCause(error: unknown): string {
  if (!isRow(error)) return String(error);
  const { name, message, cause } = error;
  if (name === 'TimeoutError') return 'no answer in time';
  const code = isRow(cause) ? (cause['code'] ?? cause['message']) : error['code'];
  return String(code ?? message);
}
