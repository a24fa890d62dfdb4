import { setTimeout as sleep } from 'node:timers/promises';
import type { SupervisedProcess } from '@sluice/test-servers';
import type { SystemUnderTest } from '../system/system-under-test.js';

/** Kills the server with `kill -9`; the supervisor restarts the server. */
export async function killServer(
  system: SystemUnderTest,
  server: SupervisedProcess,
): Promise<void> {
  system.killed.add(server.name);
  signal(server, 'SIGKILL');
  await sleep(1_500);
  await server.untilReady();
}

/** Kills the server, runs the work on the server's files, and starts the server. */
export async function whileDown(server: SupervisedProcess, work: () => void): Promise<void> {
  const stopping = server.stop(); // marked first: the supervisor must not restart the process
  signal(server, 'SIGKILL');
  await stopping;
  work();
  await server.restart();
}

export async function freezeServer(
  server: SupervisedProcess,
  forMs: number,
  ended: AbortSignal,
): Promise<void> {
  signal(server, 'SIGSTOP');
  await sleep(forMs, undefined, { signal: ended }).catch(() => undefined);
  signal(server, 'SIGCONT');
}

function signal(server: SupervisedProcess, name: NodeJS.Signals): void {
  const pid = server.pid();
  if (pid !== undefined) process.kill(pid, name);
}
