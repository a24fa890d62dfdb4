import { eventually } from '@sluice/test-kit';
import type { InstanceName } from '../system/names.js';
import type { RollContext } from './with-load.js';

const READY_WITHIN_MS = 120_000;

/** Limit of an orderly stop; services force the end after 20 s. */
const STOPPED_WITHIN_MS = 19_000;

export interface Restart {
  readonly instance: InstanceName;
  readonly stoppedMs: number;
  readonly readyMs: number;
  readonly isOrderly: boolean;
}

/**
 * Stops the instance with SIGTERM, starts the instance from the given checkout and waits for
 * readiness, as an orchestrator without spare capacity does.
 */
export async function restart(
  { system, say }: RollContext,
  name: InstanceName,
  code: string,
): Promise<Restart> {
  const instance = system.instance(name);
  const began = performance.now();
  await instance.stop();
  const stoppedMs = Math.round(performance.now() - began);
  instance.setCode(code);
  await instance.start();
  await eventually(
    async () => {
      if (!(await instance.isReady())) throw new Error(`${name} does not become ready`);
    },
    { withinMs: READY_WITHIN_MS, everyMs: 200 },
  );
  const readyMs = Math.round(performance.now() - began) - stoppedMs;
  const isOrderly = stoppedMs < STOPPED_WITHIN_MS;
  say(
    `  ${name.padEnd(22)} stopped in ${seconds(stoppedMs)}${isOrderly ? '' : ' BY FORCE'}, ready after ${seconds(readyMs)}`,
  );
  return { instance: name, stoppedMs, readyMs, isOrderly };
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
