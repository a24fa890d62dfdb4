import type { SupervisedProcess } from '@sluice/test-servers';

/**
 * Combines two instances of a service into a single process: each operation runs on both. The
 * combined process has ended after either instance has ended.
 */
export function asOneProcess(
  one: SupervisedProcess,
  another: SupervisedProcess,
): SupervisedProcess {
  const each = async (ask: (process: SupervisedProcess) => Promise<void>): Promise<void> =>
    void (await Promise.all([one, another].map(ask)));
  return {
    name: one.name,
    // Undefined until both instances run: waiting for the next life means waiting for both.
    pid: () => (another.pid() === undefined ? undefined : one.pid()),
    kill: (signal) => each((process) => process.kill(signal)),
    ended: () => Promise.race([one.ended(), another.ended()]),
    untilReady: () => each((process) => process.untilReady()),
    restart: () => each((process) => process.restart()),
    stop: () => each((process) => process.stop()),
  };
}
