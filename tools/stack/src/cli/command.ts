import { SetupError, diskFault } from '@sluice/test-servers';

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

/**
 * Runs a command, and ends the process with its exit code. A command that was stopped on request has
 * cleaned up, and ends with 130.
 */
export async function runCommand(usage: string, main: () => Promise<number>): Promise<never> {
  try {
    process.exit(await main());
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') process.exit(130);
    return endWithFailure(error, usage);
  }
}

/** A request to stop aborts `ended`. Before `onUp` it ends the process, and the guard cleans up. */
export function stopSignal(say: (line: string) => void): {
  readonly ended: AbortSignal;
  onUp(): void;
} {
  const stop = listenForStop();
  const ended = new AbortController();
  void stop.asked.then((why) => {
    say(`stopping (${why}) …`);
    ended.abort();
  });
  return { ended: ended.signal, onUp: () => stop.orderly() };
}

/** Reads a number above 0. Throws a readable error for any other text. */
export function positive(option: string, text: string): number {
  const number = Number(text);
  if (Number.isFinite(number) && number > 0) return number;
  throw new SetupError(`${option} must be a number above 0, not ${text}`);
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

/** Why a running command should end now. */
type StopReason = 'Ctrl-C' | 'SIGTERM' | 'SIGHUP' | 'the parent process has ended';

interface StopRequest {
  /** Resolves with the first reason. Keeps the process alive until the first request. */
  readonly asked: Promise<StopReason>;
}

/**
 * Ctrl-C arrives twice, from the terminal and through npm: repeated signals within this time count
 * as a single request.
 */
const SAME_REQUEST_MS = 1_000;

/**
 * Listens for all events ending a foreground command, including the end of the parent process.
 * Before the call of `orderly`, and on the second request, the process exits immediately and the
 * guard cleans up.
 */
export function listenForStop(): StopRequest & { orderly(): void } {
  // A full disk under the output, or a disconnected reader, must not end the supervised processes.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  let orderly = false;
  let askedAt: number | undefined;
  const keepAlive = setInterval(() => undefined, 60_000);
  const asked = new Promise<StopReason>((resolve) => {
    const ask = (why: StopReason) => (): void => {
      if (!orderly || (askedAt !== undefined && Date.now() - askedAt > SAME_REQUEST_MS))
        process.exit(130);
      askedAt ??= Date.now();
      clearInterval(keepAlive);
      resolve(why);
    };
    process.on('SIGINT', ask('Ctrl-C'));
    process.on('SIGTERM', ask('SIGTERM'));
    process.on('SIGHUP', ask('SIGHUP'));
    process.on('disconnect', ask('the parent process has ended'));
    process.channel?.unref();
  });
  return {
    asked,
    orderly: () => {
      orderly = true;
    },
  };
}
