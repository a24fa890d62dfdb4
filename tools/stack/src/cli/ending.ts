import { diskFault, SetupError } from '@sluice/test-servers';

/** Exit code and output of a failed command. */
interface Ending {
  /** 2 for a wrong command line, otherwise 1. */
  readonly code: 1 | 2;
  /**
   * Output for standard error: a message if the user can fix the fault, otherwise the error with
   * stack trace.
   */
  readonly output: unknown;
}

export function endingOf(error: unknown, usage: string): Ending {
  if (isUsageFault(error)) return { code: 2, output: `${error.message}\n${usage}` };
  const mendable = error instanceof SetupError ? error : diskFault(error);
  return { code: 1, output: mendable ? `\n${mendable.message}` : error };
}

/** Prints a failure of a command and ends the process. */
export function endWithFailure(error: unknown, usage: string): never {
  const { code, output } = endingOf(error, usage);
  console.error(output);
  process.exit(code);
}

/** True for the errors of `parseArgs` about unknown options and arguments. */
function isUsageFault(error: unknown): error is { readonly message: string } {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    String(error.code).startsWith('ERR_PARSE_ARGS_')
  );
}
