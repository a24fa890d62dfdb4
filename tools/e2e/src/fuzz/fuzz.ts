import { spawn } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve as absolute } from 'node:path';
import { newDataFolder, startGuard } from '@sluice/test-servers';
import { PERMISSIONS } from '@sluice/http-api';
import {
  FIRST_VENUE,
  SERVICE_NAMES,
  ofEach,
  openAccount,
  startSystem,
  twoPeople,
} from '@sluice/stack';
import { testValues } from '@sluice/runtime';
import { closedDocument } from './closed-document.js';
import { commandOf, type SigningKey } from './find-schemathesis.js';

interface Run {
  readonly packages: string;
  readonly seconds: number;
  readonly seed: number;
  readonly folder: string;
}

interface Outcome {
  /** Exit code of the generator. */
  readonly code: number;
  /** Number of accepted withdrawals: a run with only refused requests proves no conformance. */
  readonly taken: number;
}

/** No 5xx, no undocumented status, header or shape; an unsupported method of a path returns 405. */
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'unsupported_method',
  'allow_header_conformance',
];
/** Beyond the time for requests: reading the document, making a failure small, reports. */
const LONGER_MS = 120_000;

/** Resolves when the generator has ended; its JUnit report lies in the folder. Throws when the system does not start. */
export async function fuzz({ packages, seconds, seed, ...run }: Run): Promise<Outcome> {
  const folder = absolute(run.folder);
  mkdirSync(folder, { recursive: true });
  const target = await givenTarget();
  try {
    const document = (await (await fetch(`${target.url}/openapi.json`)).json()) as object;
    const file = join(folder, 'openapi.closed.json');
    writeFileSync(file, JSON.stringify(closedDocument({ ...document }), null, 2));
    const code = await generate(
      commandOf(packages, target.keys, [
        'run',
        file,
        '--url',
        target.url,
        '--checks',
        CHECKS.join(','),
        '--max-time',
        String(seconds),
        '--seed',
        String(seed),
        '--workers',
        '2',
        '--report',
        'junit',
        '--report-junit-path',
        join(folder, 'junit.xml'),
        '--generation-database',
        'none',
        '--generation-with-security-parameters',
        'false',
        '--suppress-health-check',
        'all',
        '--request-timeout',
        '60',
        '--warnings',
        'off',
        '--continue-on-failure',
        '--no-color',
      ]),
      { folder, withinMs: seconds * 1_000 + LONGER_MS },
    );
    const taken = await target.taken();
    console.log(`${taken} withdrawals were taken`);
    return { code, taken };
  } finally {
    await target.stop();
  }
}

/** Runs the generator. The generator ends with this process, and at the time limit in any case. */
function generate(
  { program, args, env }: ReturnType<typeof commandOf>,
  { folder, withinMs }: { readonly folder: string; readonly withinMs: number },
): Promise<number> {
  const child = spawn(program, [...args], {
    stdio: ['ignore', 'inherit', 'inherit'],
    cwd: folder, // the generator writes notes into the working directory
    detached: true, // the guard ends groups
    env: { ...process.env, ...env },
  });
  const guard = startGuard();
  guard.watch(child.pid ?? 0);
  const late = setTimeout(() => child.kill('SIGKILL'), withinMs);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      clearTimeout(late);
      guard.forget(child.pid ?? 0);
      resolve(code ?? 1);
    });
  });
}

const NO_LIMIT = 1_000_000;
/** Longer timeouts: a loaded machine is no fault of the API. */
const PATIENT = {
  ...testValues({ holdTimeoutMs: 30_000 }),
  REQUESTS_PER_MINUTE_PER_IP: String(NO_LIMIT),
};

/** The whole system with a funded customer and a second customer, each with a key of all permissions. */
interface Target {
  readonly url: string;
  readonly keys: { readonly payer: SigningKey; readonly bookKeeper: SigningKey };
  /** Returns the number of accepted withdrawals of the funded customer. */
  taken(): Promise<number>;
  stop(): Promise<void>;
}

async function givenTarget(): Promise<Target> {
  const home = newDataFolder('sluice-fuzz-');
  const system = await startSystem({
    home,
    venues: [FIRST_VENUE],
    pace: 'fast',
    logLevel: 'info',
    environment: ofEach(SERVICE_NAMES, (name) => (name === 'intake-api' ? PATIENT : {})),
  });
  const people = twoPeople(() => system.run);
  const fundings = ['ETH', 'TRX'].map((network) => ({
    currency: 'USDT',
    network,
    amount: '100000000',
  }));
  const permissions = [...PERMISSIONS];
  const payer = await openAccount(people, 'fuzz', { permissions, fundings });
  const bookKeeper = await openAccount(people, 'fuzz-address-book', { permissions, fundings: [] });
  return {
    url: system.run.intake_url,
    keys: { payer, bookKeeper },
    taken: async () =>
      (await people.intake.withdrawals({ account_id: payer.account_id, limit: 9_999 })).data_count,
    stop: async () => {
      await system.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
