import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { layoutOf, type ServiceName } from '@sluice/stack';
import { freePort, startGuard } from '@sluice/test-servers';
import { eventually } from '@sluice/test-kit';

/** A process of a service that a test has started by hand. */
export interface Instance {
  /** Its main port: the public API of the intake, the admin API of the others. */
  readonly url: string;
  /** With a goodbye: what it has taken is finished, what it decided is published. */
  stop(): Promise<void>;
  /** Without any. */
  kill(): Promise<void>;
}

export interface Launch {
  readonly service: ServiceName;
  /** The data folder of the system whose servers it uses; its log lies there. */
  readonly home: string;
  /** Without PORT: a free one is taken. */
  readonly environment: Readonly<Record<string, string>>;
}

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

/** Resolves when the process says that it is ready. It ends with the test, however that ends. */
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
