/** Why a running command should end now. */
export type StopReason = 'Ctrl-C' | 'SIGTERM' | 'SIGHUP' | 'the program that started it is gone';

export interface StopRequest {
  /** Resolves with the first reason. Keeps the process alive until then. */
  readonly asked: Promise<StopReason>;
}

/** Ctrl-C reaches us from the terminal and once more through npm: that is one request. */
const SAME_REQUEST_MS = 1_000;

/**
 * Listens for everything that ends a foreground command, the end of its parent included. Until `orderly` says that there is
 * an orderly way down, and again on the second request, the process ends at once and the guard cleans up.
 */
export function listenForStop(): StopRequest & { orderly(): void } {
  // A disk without room under what we print, or a reader that has gone, must not end what we supervise.
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
    process.on('disconnect', ask('the program that started it is gone'));
    process.channel?.unref();
  });
  return {
    asked,
    orderly: () => {
      orderly = true;
    },
  };
}
