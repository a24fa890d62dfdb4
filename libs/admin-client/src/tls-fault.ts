/**
 * Adds the error message for TLS faults, because a wrong setting is the likely cause and not the
 * network.
 */
export function becauseOf(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return /CERT|ERR_TLS|ERR_SSL|SIGNATURE/.test(code) ? `: ${message}` : '';
}
