import { isObject } from '@sluice/kernel';
import { closest } from 'fastest-levenshtein';

/** 0 done, 1 refused or violations found, 2 not understood or not reachable. */
export type ExitCode = 0 | 1 | 2;

/** Ends the command: a single line for people, `{"error": …}` with the details for scripts. */
export class CliError extends Error {
  override readonly name = 'CliError';

  constructor(
    message: string,
    readonly exitCode: Exclude<ExitCode, 0>,
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}

/** Returns the error for an invalid command line. */
export function usageError(message: string): CliError {
  return new CliError(message, 2);
}

/**
 * Returns the candidate with the smallest edit distance; the first of equals. Empty text without
 * candidates.
 */
export function nearest(given: string, candidates: readonly string[]): string {
  return candidates.length === 0 ? '' : closest(given, candidates);
}

/** A JSON object with unverified fields. */
export type Row = Readonly<Record<string, unknown>>;

/**
 * Returns the error code of a failed connection or of the cause of a failed fetch, e.g.
 * `ECONNREFUSED`; otherwise the most specific message.
 */
export function networkCause(error: unknown): string {
  if (!isObject(error)) return String(error);
  const { name, message, cause } = error;
  if (name === 'TimeoutError') return 'no answer in time';
  const code = isObject(cause) ? (cause['code'] ?? cause['message']) : error['code'];
  return String(code ?? message);
}
