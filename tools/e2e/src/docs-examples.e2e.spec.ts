import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { approvedBy } from '@sluice/admin-client';
import {
  AdminClients,
  APPROVER,
  startSystem,
  type DemoAccount,
  type RunFile,
  type System,
} from '@sluice/stack';
import { codeBlocks } from '@sluice/test-kit';
import { newDataFolder } from '@sluice/test-servers';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
/** In this order: a page may build on what the ones before it did. */
const PAGES = ['docs/api.md', 'docs/events.md', 'docs/webhooks.md', 'README.md'].map((page) => ({
  page,
  examples: examplesOf(readFileSync(join(ROOT, page), 'utf8')),
}));
const EXAMPLES = PAGES.flatMap(({ page, examples }) =>
  examples.map((example, at) => ({ page, at, ...example })),
);
const BETWEEN = '@@ the example above has ended @@';

interface Example {
  readonly line: number;
  readonly script: string;
  /** The names of the fields that the text after it shows. */
  readonly fields: readonly string[];
}

interface Session {
  /** Standard output of each example that ended well. */
  readonly outputs: readonly string[];
  readonly errors: string;
}

describe('the examples of the documents', () => {
  const home = newDataFolder('sluice-docs-');
  const sessions = new Map<string, Session>();
  let system: System;

  beforeAll(async () => {
    system = await startSystem({ home, pace: 'fast', tls: false, openDemoAccount });
    for (const { page, examples } of PAGES)
      sessions.set(page, await runInOneShell(examples, join(home, 'run.json')));
  });
  afterAll(async () => {
    await system.stop();
    rmSync(home, { recursive: true, force: true });
  });

  it('are there on each page', () => {
    expect(PAGES.filter(({ examples }) => examples.length === 0).map(({ page }) => page)).toEqual(
      [],
    );
  });

  it.each(EXAMPLES)(
    '$page:$line works unchanged, and returns the response on the page',
    ({ page, at, fields }) => {
      const { outputs, errors } = sessions.get(page) ?? {
        outputs: [],
        errors: 'the page was not run',
      };
      const output = outputs[at];

      if (output === undefined) throw new Error(`it failed, or one before it did: ${errors}`);
      expect(fields.filter((field) => !output.includes(`"${field}":`))).toEqual([]);
    },
  );
});

/** The blocks marked `sh run`, each with the fields of the `json` block that follows it before the next one. */
function examplesOf(markdown: string): readonly Example[] {
  const blocks = codeBlocks(markdown).filter(({ kind }) => kind === 'sh run' || kind === 'json');
  return blocks.flatMap(({ kind, code: script, line }, at) => {
    if (kind !== 'sh run') return [];
    const next = blocks[at + 1];
    const shown = next?.kind === 'json' ? next.code : '';
    const fields = [...shown.matchAll(/"(\w+)":/g)].map(([, field]) => field ?? '');
    return [{ line, script, fields: [...new Set(fields)] }];
  });
}

/** Runs the examples one after another in one bash, which ends with the first failure. The run file of the test replaces the run file of the reader. */
function runInOneShell(examples: readonly Example[], runFile: string): Promise<Session> {
  const script = examples.map((example) => `${example.script}\necho '${BETWEEN}'\n`).join('');
  const options = { cwd: ROOT, env: { ...process.env, SLUICE_RUN: runFile } };
  const bash = spawn(
    'bash',
    ['-euo', 'pipefail', '-c', script.replaceAll('.sluice/run.json', runFile)],
    {
      ...options,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let output = '';
  let errors = '';
  bash.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  bash.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  return new Promise((resolve, reject) => {
    bash.once('error', reject);
    bash.once('close', () =>
      resolve({
        outputs: output.split(`${BETWEEN}\n`).slice(0, -1),
        errors: `${errors}${output.slice(-500)}`,
      }),
    );
  });
}

/** What the demo account of `npm start` can do. */
async function openDemoAccount(run: RunFile): Promise<DemoAccount> {
  const { intake } = new AdminClients(() => run);
  const second = new AdminClients(() => run, APPROVER);
  const { account_id } = await intake.createAccount({ name: 'docs' });
  const asked = intake.createKey(account_id, {
    label: 'docs',
    permissions: [
      ...(['withdraw', 'read_withdrawal_status', 'read_balance', 'list_currencies'] as const),
      ...(['list_transactions', 'request_withdrawal_funding_address'] as const),
      ...(['manage_webhooks', 'manage_addresses'] as const),
    ],
    any_address: true,
    rate_limit_per_min: 1_000_000,
  });
  const { key_id, secret } = await approvedBy(second.intake, asked);
  const fundings = ['USDT ETH', 'USDT TRX', 'ETH ETH', 'BTC BTC', 'EUR SEPA'].map((pair) =>
    pair.split(' '),
  );
  for (const [currency = '', network = ''] of fundings)
    await approvedBy(
      second.ledger,
      intake.fund(account_id, {
        currency,
        network,
        amount: currency === 'BTC' ? '10' : '300',
        reference: `docs-${currency}-${network}`,
        evidence: 'a test',
      }),
    );
  return { account_id, key_id, secret: secret ?? '' };
}
