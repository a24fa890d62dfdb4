import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { numberOf, toAddress } from './testkit/customer.js';
import { TestSystem } from './testkit/given-system.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const CLI = join(ROOT, 'tools/cli/dist/main.js');
const LISTED = /^ {2}([a-z][a-z-]*(?: [a-z-]+)?) {2,}\S/;
const EXAMPLE = /^example: npm run -s sluice -- (.+)$/m;
const MINUTE = 60_000;
const DAY_MS = 1_440 * MINUTE;
/** Each day runs a third of the examples. `SLUICE_EXAMPLES` names a third (0, 1 or 2), or `all`. */
const { SLUICE_EXAMPLES: PART = `${Math.floor(Date.now() / DAY_MS) % 3}` } = process.env;
const isOfToday = (_name: string, index: number): boolean =>
  PART === 'all' || `${index % 3}` === PART;

/** Refusals of a valid example about a row that a fresh system does not have, or need. */
const OF_FRESH_SYSTEM = [
  /^This withdrawal never waited for people;/,
  /^No such (?:approval|passkey|halt|break|finding|address)\b/,
  /^No dead letter waits under this id;/,
  /^(?:API key|Entry|Finding|Freeze|Webhook|Delivery) not found/,
  /^This account has no such signer;/,
  /^The address book has no such entry;/,
  /^It is settled: there is nothing to decide$/,
  /^The book is not halted$/,
  /^The ledger lacks nothing that was compared$/,
  /^No partition of the journal ends before /,
  /^not verified: configuration: /, // the environment of the auditor is not that of a person
];

interface Ended {
  readonly exitCode: number | string | null | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

describe('the examples in the help of the operator command', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-examples-'));
  let sluice: TestSystem;
  let number: string;
  let account: string;
  beforeAll(async () => {
    sluice = await TestSystem.start('wallet');
    const customer = await sluice.customer();
    account = customer.accountId;
    const posted = numberOf(await customer.post(toAddress()));
    number = `${(await customer.isFinal(posted)).number}`;
    copyFileSync(join(ROOT, 'docs/policy.json'), join(folder, 'policy.json'));
  }, 5 * MINUTE);
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await sluice.stop();
  });

  /** As a person, in a folder with a rule set. `untilText`: ends the command once it says so. */
  const run = (words: readonly string[], untilText?: RegExp) =>
    new Promise<Ended>((resolve) => {
      const { id: SLUICE_KEY_ID, secret: SLUICE_SECRET } = keyOf(sluice);
      const env = { ...process.env, SLUICE_RUN: sluice.runFile, SLUICE_KEY_ID, SLUICE_SECRET };
      const child = execFile(
        process.execPath,
        [CLI, ...words],
        { cwd: folder, env },
        (error, stdout, stderr) => resolve({ exitCode: error ? error.code : 0, stdout, stderr }),
      );
      child.stderr?.on('data', (text: string) => {
        if (untilText?.test(text)) child.kill();
      });
    });
  const helpOf = async (name: string) => {
    const { stdout } = await run(['help', ...name.split(' ')]);
    return { name, example: EXAMPLE.exec(stdout)?.[1] ?? '' };
  };

  it(
    'run: a fault of the command line or of a field is none of the answers',
    async () => {
      const { stdout: overview } = await run(['--help']);
      const names = overview.split('\n').flatMap((line) => LISTED.exec(line)?.[1] ?? []);
      expect(names.length).toBeGreaterThan(90);
      const namesOfToday = names.filter(isOfToday);
      expect(namesOfToday.length).toBeGreaterThanOrEqual(30); // a third that does not exist has none
      const faults: unknown[] = [];
      for (const name of namesOfToday) {
        const { example } = await helpOf(name);
        expect(example.startsWith(name)).toBe(true);
        const words = split(example).map((word) => ours(name, word));
        const waits = name === 'passkey register' ? /^open http/ : undefined;
        const { exitCode, stderr } = await run(words, waits);
        const refusal = stderr.replace(/^sluice: /, '').trim();
        const isFine =
          exitCode === 0 ||
          (waits?.test(stderr) ?? OF_FRESH_SYSTEM.some((one) => one.test(refusal)));
        if (!isFine) faults.push({ example, exitCode, refusal });
      }

      expect(faults).toEqual([]);
    },
    20 * MINUTE,
  );

  /** The account and the withdrawal of this system, instead of those of the example. */
  function ours(command: string, word: string): string {
    if (word === '3f0c9d52-6a3e-4f5e-9a51-0b6d2f1c7e11') return account;
    const isWithdrawal = word === '17' && !command.startsWith('wallet ');
    return isWithdrawal ? number : word;
  }
});

function keyOf({ customers: [customer] }: TestSystem) {
  const { key_id: id = '', secret } = customer?.api.key ?? {};
  return { id, secret: typeof secret === 'string' ? secret : '' };
}

function split(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, bare]) => single ?? double ?? bare ?? '',
  );
}
