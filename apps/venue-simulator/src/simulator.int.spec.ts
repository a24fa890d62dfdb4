import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { ETH_ADDRESS, GateioTestClient } from './gateio/gateio-test-client.js';
import { json } from './testing/test-client.js';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));

let data: string;
let child: ChildProcess | undefined;

beforeAll(() => {
  if (!existsSync(MAIN)) throw new Error('build first: nx run venue-simulator:build');
});

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'sluice-simulator-'));
});

afterEach(() => {
  child?.kill('SIGKILL');
  rmSync(data, { recursive: true });
});

async function start(): Promise<GateioTestClient> {
  child = spawn(process.execPath, [MAIN, 'gateio', '--port', '0', '--data', data], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (!child.stdout) throw new Error('no output to read the address from');
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const url = /^gateio simulator on (http:\/\/127\.0\.0\.1:[0-9]+)\n$/.exec(line.toString())?.[1];
  if (!url) throw new Error(`unexpected first line: ${line.toString()}`);
  return GateioTestClient.of(url);
}

async function kill(signal: NodeJS.Signals): Promise<void> {
  if (!child) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}

it('keeps payments, cancels, balances, settings and faults over kill -9, even behind a torn last line', async () => {
  const before = await start();
  await before.control('PUT', 'settings', {
    rate_limits: { enabled: false },
    status_ms: { REQUEST: 60_000, CANCELPEND: 50 },
    balances: { USDT: '100' },
  });
  await before.withdraw({ withdraw_order_id: 'kept' });
  const { id } = json(await before.withdraw({ withdraw_order_id: 'cancelled', amount: '30' }));
  await before.call('DELETE', `/withdrawals/${String(id)}`);
  await before.arm('POST /withdrawals', 'accept_then_cut', { times: 2 });
  await before.withdraw({ withdraw_order_id: 'cut' }).catch(() => undefined);

  await kill('SIGKILL');
  appendFileSync(join(data, 'facts.jsonl'), '{"t":"payment","payment":{"id":"w9');
  expect(statSync(join(data, 'facts.jsonl')).mode & 0o077).toBe(0); // the book names recipients and must be unreadable for other users
  const after = await start();

  const cancelled = await after.until('/wallet/withdrawals?withdraw_order_id=cancelled', 'CANCEL');
  expect(cancelled['id']).toBe(id);
  expect(await after.payments()).toMatchObject([
    { client_id: 'kept', status: 'REQUEST', destination: ETH_ADDRESS },
    { client_id: 'cancelled', status: 'CANCEL' },
    { client_id: 'cut', status: 'REQUEST' },
  ]);
  expect(await after.list('/spot/accounts?currency=USDT')).toMatchObject([{ available: '75' }]);
  await expect(after.withdraw({ withdraw_order_id: 'cut-again' })).rejects.toThrow('fetch failed');
  expect((await after.withdraw({ withdraw_order_id: 'answered' })).status).toBe(200);
  expect(new Set((await after.payments()).map((payment) => payment['id'])).size).toBe(5);
});

it('keeps a clock that was moved over kill -9', async () => {
  await (await start()).control('POST', 'clock', { advance_ms: 3_600_000, requests: 'machine' });
  await kill('SIGKILL');
  const clock = json(await (await start()).control('GET', 'clock'));

  expect(clock['requests']).toBe('machine');
  expect(Number(clock['ahead_ms'])).toBeGreaterThanOrEqual(3_600_000);
});

it.each([
  [
    'an unknown venue',
    ['kraken'],
    'there is no venue "kraken"\nusage: simulator gateio|bitmart|bybit|upvest',
  ],
  ['no venue', [], 'which venue?\nusage: simulator'],
  ['an unknown option', ['gateio', '--prt', '1'], "Unknown option '--prt'"],
  ['an invalid port', ['gateio', '--port', '70000'], '"70000" is not a port'],
])('explains a failed start: %s', (_what, args, words) => {
  const { status, stderr, stdout } = spawnSync(process.execPath, [MAIN, ...args, '--data', data], {
    encoding: 'utf8',
  });

  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toContain(`simulator: ${words}`);
  expect(stderr).not.toMatch(/^ +at /m);
});

it('explains an error in its folder', () => {
  const complaint = (folder: string): string =>
    spawnSync(process.execPath, [MAIN, 'gateio', '--data', folder], { encoding: 'utf8' }).stderr;
  const file = join(data, 'facts.jsonl');
  appendFileSync(file, 'not a fact\n');

  expect(complaint(file)).toMatch(/^simulator: .* cannot be used as the folder of a book: /m);
  expect(complaint(data)).toContain(
    `simulator: the book ${file} has an invalid line: not a fact\n`,
  );
});

it('shares neither port nor book with another simulator, and takes over the book of a killed simulator', async () => {
  const { url } = await start();
  const second = (...args: string[]): string =>
    spawnSync(process.execPath, [MAIN, 'gateio', ...args], { encoding: 'utf8' }).stderr;

  const port = new URL(url).port;
  expect(second('--port', port, '--data', join(data, 'other'))).toContain(
    `simulator: port ${port} of 127.0.0.1 is taken: choose another port with --port N, or 0 for any free port\n`,
  );
  expect(second('--data', data)).toContain(
    `simulator: the book in ${data} is in use by process ${child?.pid}: stop the process, or choose another folder with --data DIR\n`,
  );

  await kill('SIGKILL');
  expect((await (await start()).control('GET', 'payments')).status).toBe(200);
  await kill('SIGTERM');
  expect(existsSync(join(data, 'lock.json'))).toBe(false);
});

it('stops on SIGTERM at once, with a request left hanging', async () => {
  const gate = await start();
  await gate.arm('POST /withdrawals', 'accept_then_hang');
  await gate.arm('POST /withdrawals/push', 'hang_then_refuse');
  const hanging = [gate.withdraw().catch(() => 'cut'), gate.push().catch(() => 'cut')];
  await gate.until('/wallet/withdrawals', 'REQUEST');

  const before = performance.now();
  await kill('SIGTERM');

  expect(performance.now() - before).toBeLessThan(10_000);
  expect(await Promise.all(hanging)).toEqual(['cut', 'cut']);
});

it('serves every venue from one process, each on a port of its own, and all are gone after SIGTERM', async () => {
  child = spawn(process.execPath, [MAIN, 'all', '--data', data], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (!child.stdout) throw new Error('no output to read the addresses from');
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout }))
    if (lines.push(line) === 4) break;
  const urls = lines.map((line) => line.replace(/^\w+ simulator on /, ''));
  const asked = await Promise.all(
    urls.map(
      async (url) =>
        (await (await fetch(`${url}/_sim/credentials`)).json()) as Record<string, unknown>,
    ),
  );

  const venues = asked.map(({ venue }) => String(venue));
  expect(venues).toEqual(['gateio', 'bitmart', 'bybit', 'upvest']);
  expect(venues.filter((venue) => !existsSync(join(data, venue, 'facts.jsonl')))).toEqual([]);
  await kill('SIGTERM');
  expect(await Promise.allSettled(urls.map((url) => fetch(url)))).toMatchObject(
    urls.map(() => ({ status: 'rejected' })),
  );
});
