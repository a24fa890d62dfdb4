import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  newDataFolder,
  readJsonFile,
  until,
  withClient,
  workspaceRoot,
} from '@sluice/test-servers';

const PROGRAM = join(workspaceRoot(), 'tools/stack/dist/start/main.js');
const PART = 'connector-gateio';
const LOGIN = 'connector_gateio';
const LONGEST_MS = 240_000;

describe('npm start with a part that does not become ready', () => {
  const home = newDataFolder('sluice-unready-');
  const child = spawn(
    process.execPath,
    ['--enable-source-maps', PROGRAM, '--fast', '--data', home],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  afterAll(() => {
    child.kill('SIGKILL');
    rmSync(home, { recursive: true, force: true });
  });

  it(
    'names the part, the whole cause and the remedy, keeps the stack running, and reports the recovery',
    async () => {
      await until('no login', () => letIn(home, 0), LONGEST_MS);

      await untilSeen('The stack keeps running');

      expect(output).toMatch(
        /✗ connector-gateio +is not ready: .*too many connections for role "connector_gateio"/,
      );
      expect(output).toMatch(/^ready: .*\bledger\b.*\bconnector-bybit\b/m);
      expect(output).toContain(`not ready: ${PART} (withdrawals through Gate.io wait)`);
      expect(output).toContain('npm run stack -- reset');
      const { intake_url: api } = readJsonFile<{ intake_url: string }>(join(home, 'run.json')) ?? {
        intake_url: '',
      };
      expect((await fetch(`${api}/readyz`)).status).toBe(200);

      await letIn(home, -1);
      await untilSeen(`${PART} is ready`);

      child.kill('SIGINT');
      expect(await once(child, 'exit')).toEqual([0, null]);
    },
    LONGEST_MS,
  );

  async function untilSeen(text: string): Promise<void> {
    const look = async (): Promise<void> => {
      if (child.exitCode !== null) throw new Error(`the stack has stopped: ${output}`);
      if (!output.includes(text)) throw new Error(output);
    };
    await until(`"${text}" is not printed`, look, LONGEST_MS, 200);
  }
});

/** Limits the connections of the part's login, as a wrong row or an older database would. */
async function letIn(home: string, connections: number): Promise<void> {
  const secrets = readJsonFile<{ postgres: string }>(join(home, 'secrets.json'));
  const ports = readJsonFile<{ postgres: number }>(join(home, 'ports.json'));
  const url = `postgres://postgres:${secrets?.postgres}@127.0.0.1:${ports?.postgres}/postgres`;
  await withClient(url, (client) =>
    client.query(`ALTER ROLE ${LOGIN} CONNECTION LIMIT ${connections}`),
  );
}
