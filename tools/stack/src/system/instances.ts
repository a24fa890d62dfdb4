import type { SupervisedProcess } from '@sluice/test-servers';

/** Instances of one service as one process: what is asked of it is asked of each. It has ended when the first of them has. */
export function asOneProcess(
  one: SupervisedProcess,
  another: SupervisedProcess,
): SupervisedProcess {
  const each = async (ask: (process: SupervisedProcess) => Promise<void>): Promise<void> =>
    void (await Promise.all([one, another].map(ask)));
  return {
    name: one.name,
    // None until each has one: whoever waits for the next life waits for all of them.
    pid: () => (another.pid() === undefined ? undefined : one.pid()),
    kill: (signal) => each((process) => process.kill(signal)),
    ended: () => Promise.race([one.ended(), another.ended()]),
    untilReady: () => each((process) => process.untilReady()),
    restart: () => each((process) => process.restart()),
    stop: () => each((process) => process.stop()),
  };
}
