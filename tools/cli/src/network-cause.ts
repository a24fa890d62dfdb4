import { isRow } from './row.js';

/** The code beneath a failed fetch, e.g. `ECONNREFUSED`, or what else says most about it. */
export function networkCause(error: unknown): string {
  if (!isRow(error)) return String(error);
  const { name, message, cause } = error;
  if (name === 'TimeoutError') return 'no answer in time';
  const code = isRow(cause) ? (cause['code'] ?? cause['message']) : undefined;
  return String(code ?? message);
}
