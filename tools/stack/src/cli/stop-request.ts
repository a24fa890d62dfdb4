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
