import { isRow } from './row.js';

/**
 * Returns the error code of a failed connection or of the cause of a failed fetch, e.g.
 * `ECONNREFUSED`; otherwise the most specific message.
 */
export function networkCause(error: unknown): string {
  if (!isRow(error)) return String(error);
  const { name, message, cause } = error;
  if (name === 'TimeoutError') return 'no answer in time';
  const code = isRow(cause) ? (cause['code'] ?? cause['message']) : error['code'];
  return String(code ?? message);
}
