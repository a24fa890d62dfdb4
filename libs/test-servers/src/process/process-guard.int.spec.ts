import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { tempFolder } from '../machine/files.js';
import { startGuard } from './process-guard.js';
import { isAlive } from './launch.js';
import { until } from './wait.js';

const GUARD = fileURLToPath(new URL('process-guard.ts', import.meta.url));

describe('startGuard', () => {
  it('ends the watched processes and removes the folders when the supervisor is killed with SIGKILL', async () => {
    const folder = tempFolder(startGuard());
    // Node reports TypeScript as experimental on standard error; the test reads standard error.
    const supervisor = spawn(process.execPath, [
      '--disable-warning=ExperimentalWarning',
      '--input-type=module',
      '-e',
      supervisorScript(folder),
    ]);
    const [said] = (await once(supervisor.stdout, 'data')) as [Buffer];
    const [watched, forgotten] = String(said)
      .split(' ')
      .map((text) => Number.parseInt(text, 10));
    if (watched === undefined || forgotten === undefined)
      throw new Error(`the supervisor printed ${said}`);

    supervisor.kill('SIGKILL');

    await until(
      'the watched process lives on',
      async () => expect(isAlive(watched)).toBe(false),
      8_000,
    );
    await until(
      'the folder is still there',
      async () => expect(existsSync(folder)).toBe(false),
      8_000,
    );
    expect(existsSync(`${folder} note`)).toBe(false);
    expect(isAlive(forgotten)).toBe(true);
    process.kill(forgotten, 'SIGKILL');
  });
});

/** Node strips the types of process-guard.ts by itself, so the supervisor needs no build. */
function supervisorScript(folder: string): string {
  return `
    import { spawn } from 'node:child_process';
    import { writeFileSync } from 'node:fs';
    import { startGuard } from ${JSON.stringify(GUARD)};
    const guard = startGuard();
    const [watched, forgotten] = [1, 2].map(() => spawn('sleep', ['60'], { detached: true, stdio: 'ignore' }).pid);
    guard.watch(watched);
    guard.watch(forgotten);
    guard.forget(forgotten);
    guard.removeAtEnd(${JSON.stringify(folder)});
    writeFileSync(${JSON.stringify(`${folder} note`)}, 'a path with a blank');
    guard.unlinkAtEnd(${JSON.stringify(`${folder} note`)});
    setTimeout(() => console.log(watched, forgotten), 200); // what was sent to the guard goes out with the next turns of the loop
    setInterval(() => {}, 1000);`;
}
