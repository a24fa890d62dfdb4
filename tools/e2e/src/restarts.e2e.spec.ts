import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { workspaceRoot, newDataFolder } from '@sluice/test-servers';

const PROGRAM = join(workspaceRoot(), 'tools/stack/dist/start/main.js');
/** The last of the first steps: the account is open, the webhook is registered and the main withdrawals are requested. */
const TAKEN = '#2  POST /v1/withdrawals';
const LIFE_LIMIT_MS = 120_000;

describe('npm start', () => {
  const home = newDataFolder('sluice-restarts-');
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  it(
    'takes its first steps in the data of an earlier start, four times in a row',
    async () => {
      const lives: Life[] = [];
      for (let start = 0; start <= 4; start++) lives.push(await oneLife(home));

      const failed = ({ output }: Life): boolean =>
        !output.includes(TAKEN) || /✗|refused/.test(output);
      expect(lives.filter(failed)).toEqual([]);
    },
    5 * LIFE_LIMIT_MS,
  );
});

interface Life {
  readonly output: string;
}

/** Starts everything, and stops it as Ctrl-C does as soon as the first steps are taken. */
async function oneLife(home: string): Promise<Life> {
  const args = ['--enable-source-maps', PROGRAM, '--fast', '--data', home];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const limit = setTimeout(() => child.kill('SIGINT'), LIFE_LIMIT_MS);
  let seen = '';
  child.stdout.on('data', (chunk: Buffer) => {
    seen += chunk.toString();
    if (seen.includes(TAKEN)) child.kill('SIGINT');
  });
  const [output, errors] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ]);
  clearTimeout(limit);
  return { output: output + errors };
}
