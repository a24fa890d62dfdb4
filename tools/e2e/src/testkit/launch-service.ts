import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { layoutOf, type ServiceName } from '@sluice/stack';
import { freePort, startGuard } from '@sluice/test-servers';
import { eventually } from '@sluice/test-kit';

/** Service process started directly by a test. */
export interface Instance {
  /** URL of the main port: the public API of intake-api, the admin API of other services. */
  readonly url: string;
  /** Stops gracefully: finishes accepted work and publishes decisions. */
  stop(): Promise<void>;
  /** Kills the process without a graceful shutdown. */
  kill(): Promise<void>;
}

interface Launch {
  readonly service: ServiceName;
  /** Data folder of the running system, also used for the log. */
  readonly home: string;
  /** Environment without PORT: a free port is used. */
  readonly environment: Readonly<Record<string, string>>;
}

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

/**
 * Starts a service and resolves when the process is ready. The process ends with the test, even
 * after a crash of the test.
 */
export async function launchService({ service, home, environment }: Launch): Promise<Instance> {
  const scheme = environment['TLS_CERT_FILE'] === undefined ? 'http' : 'https';
  const url = `${scheme}://127.0.0.1:${await freePort()}`;
  const log = openSync(join(layoutOf(home).logs, `second-${service}.log`), 'a');
  const child = spawn(process.execPath, [join(ROOT, 'apps', service, 'dist/main.js')], {
    stdio: ['ignore', log, log],
    detached: true, // the guard ends groups
    env: { ...environment, PORT: new URL(url).port },
  });
  const guard = startGuard();
  guard.watch(child.pid ?? 0);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  await eventually(async () => expect((await fetch(`${url}/readyz`)).status).toBe(200), {
    withinMs: 30_000,
    everyMs: 100,
  });
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    await ended;
    guard.forget(child.pid ?? 0);
  };
  return { url, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') };
}
