import { diskFault, SetupError } from '@sluice/test-servers';

/** How a command of ours ends that cannot go on. */
export interface Ending {
  /** 2 for a command line that makes no sense. */
  readonly code: 1 | 2;
  /** For standard error: a line where a person can mend it, otherwise the error with its trace. */
  readonly output: unknown;
}

export function endingOf(error: unknown, usage: string): Ending {
  if (isUsageFault(error)) return { code: 2, output: `${error.message}\n${usage}` };
  const mendable = error instanceof SetupError ? error : diskFault(error);
  return { code: 1, output: mendable ? `\n${mendable.message}` : error };
}

/** What `parseArgs` throws for options and words that it does not know. */
function isUsageFault(error: unknown): error is { readonly message: string } {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    String(error.code).startsWith('ERR_PARSE_ARGS_')
  );
}
