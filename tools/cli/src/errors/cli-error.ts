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
