import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StandInSystem, type Script } from './testkit/stand-in.js';

const DAILY = {
  kind: 'limit',
  name: 'daily',
  assets: ['USDT.ETH'],
  per: ['account'],
  max: '100',
  unit: 'asset',
  window: 'day',
};
const POLICY = { rules: [DAILY] };
const FIRST = {
  version: 1,
  state: 'in_force',
  policy: POLICY,
  rules: ['daily: at most 100 units of the asset within day, per account, for assets USDT.ETH'],
  starts_at: '2026-11-23T00:00:00.000Z',
  published_at: '2026-11-23T00:00:00.000Z',
  requested_by: 'ada',
  approved_by: 'peter',
};
const DEFAULT = {
  version: 0,
  state: 'replaced',
  policy: { loosening_waits_hours: 24, price_max_age_minutes: 60, rules: [] },
  rules: [],
  starts_at: null,
  published_at: null,
  requested_by: null,
  approved_by: null,
};
const AWAITED = {
  approval_id: '7',
  awaits: 'a second person with the role approve',
  expires_at: '2026-11-23T09:12:31.000Z',
};
const TERMS = {
  currency: 'USDT',
  network: 'ETH',
  version: 1,
  state: 'in_force',
  min_withdrawal_amount: '5',
};
const ID = '0193a1b2-0000-7000-8000-00000000000a';
const ACCOUNT = '3f0c9d52-6a3e-4f5e-9a51-0b6d2f1c7e11';
const PRICE = {
  asset: 'USDT.ETH',
  eur: '0.92',
  at: '2026-11-23T00:00:00.000Z',
  requested_by: 'ada',
  approved_by: null,
};
const REPLAY = {
  requests: 3,
  since: '2026-11-22T00:00:00.000Z',
  refused_before: 0,
  refused_after: 1,
  changes: 1,
  changed: [
    {
      withdrawal_id: ID,
      account_id: ACCOUNT,
      asset: 'USDT.ETH',
      payout: '70',
      decided_at: '2026-11-22T08:00:00.000Z',
      before: 'allow',
      after: 'deny',
      rule: 'daily',
    },
  ],
};
const DECISION = {
  withdrawal_id: ID,
  account_id: ACCOUNT,
  asset: 'USDT.ETH',
  payout: '40',
  key_id: 'key-1',
  recipient: 'ab'.repeat(16),
  price_eur: null,
  decided_at: '2026-11-22T08:00:00.000Z',
  version: 1,
  allowed: false,
  approval: null,
  answers: [
    {
      rule: 'daily',
      text: 'at most 100 units of the asset within day',
      answer: 'deny',
      missing: null,
      unit: 'USDT.ETH',
      used: '70',
      amount: '40',
      max: '100',
    },
  ],
};

const ledger: Script = {
  'GET /internal/policy': { data: [FIRST, DEFAULT] },
  'POST /internal/policy': { status: 202, data: AWAITED },
  'POST /internal/policy/differences': {
    data: { lines: ['- daily: a', '+ daily: b'], loosenings: ['rule daily allows more'] },
  },
  'POST /internal/policy/dry-run': { data: REPLAY },
  [`GET /internal/policy/decisions/${ID}`]: { data: DECISION },
  'GET /internal/policy/prices': { data: [PRICE] },
  'POST /internal/policy/prices': { data: PRICE },
};
const intake: Script = {
  'GET /internal/terms/currencies': { data: [TERMS] },
  'GET /internal/withdrawals/17': { data: { id: ID, number: 17 } },
};

describe('the commands of the spending policy', () => {
  let system: StandInSystem;
  let folder: string;
  beforeEach(async () => {
    system = await StandInSystem.start({ ledger, intake });
    folder = mkdtempSync(join(tmpdir(), 'sluice-policy-'));
  });
  afterEach(async () => {
    rmSync(folder, { recursive: true, force: true });
    await system.stop();
  });

  const fileOf = (content: unknown): string => {
    const file = join(folder, 'policy.json');
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    return file;
  };
  const withScript = async (changed: Script) => {
    await system.stop();
    system = await StandInSystem.start({ ledger: { ...ledger, ...changed }, intake });
  };
  const linesOf = async (line: string) => {
    const { exitCode, stdout } = await system.sluice(line);
    expect(exitCode).toBe(0);
    return stdout.trimEnd().split('\n');
  };
  const sent = (): unknown => JSON.parse(system.ledger.seen.at(-1)?.body ?? '');

  it('show the versions, and the rules in force or of a version', async () => {
    expect(await linesOf('policy show')).toEqual([
      'version  state     from                  published             asked by  approved by',
      '      1  in_force  2026-11-23 00:00:00Z  2026-11-23 00:00:00Z  ada       peter',
      '      0  replaced  –                     –                     –         –',
      '',
      'rules of version 1:',
      FIRST.rules[0],
    ]);
    expect(await linesOf('policy show --version 0')).toContain(
      'no rule: every withdrawal is allowed',
    );
    expect((await system.json('policy show --version 1')).document).toEqual(FIRST);
    const { exitCode, document } = await system.json('policy show --version 9');
    expect({ exitCode, error: document.error }).toEqual({
      exitCode: 2,
      error: 'there is no version 9',
    });
  });

  it('compare a file with the set in force', async () => {
    const file = fileOf(POLICY);
    expect(await linesOf(`policy diff --file ${file}`)).toEqual([
      '- daily: a',
      '+ daily: b',
      '',
      'a loosening: it takes effect after the waiting time of the set in force',
      'rule daily allows more',
    ]);
    expect(sent()).toEqual({ policy: POLICY });

    await withScript({
      'POST /internal/policy/differences': { data: { lines: [], loosenings: [] } },
    });
    expect(await linesOf(`policy diff --file ${file}`)).toEqual([
      'the sets are equal',
      '',
      'a tightening: it takes effect at once',
    ]);
  });

  it('publish after the newest version, and name the second person', async () => {
    const file = fileOf(POLICY);
    expect((await linesOf(`policy publish --file ${file}`)).join('\n')).toContain(
      'sluice approve 7 --service ledger',
    );
    expect(sent()).toEqual({ after_version: 1, policy: POLICY });
    expect((await system.json(`policy publish --file ${file}`)).document).toEqual(AWAITED);

    await withScript({ 'POST /internal/policy': { data: { ...FIRST, version: 2 } } });
    expect((await linesOf(`policy publish --file ${file}`))[1]).toMatch(/^ +2 {2}in_force/);
  });

  it('publish nothing that would refuse every withdrawal of an asset', async () => {
    const file = fileOf({ rules: [{ ...DAILY, max: '4.99' }] });
    const { exitCode, document } = await system.json(`policy publish --file ${file}`);
    expect({ exitCode, error: document.error }).toEqual({
      exitCode: 2,
      error: 'rule daily allows 4.99 USDT.ETH, and the smallest withdrawal is 5',
    });
    expect(system.ledger.seen.filter(({ method }) => method === 'POST')).toEqual([]);
  });

  it.each([
    ['at the minimum', { ...DAILY, max: '5' }],
    ['of payments', { ...DAILY, max: '1', unit: 'payments' }],
    ['of an asset without terms', { ...DAILY, max: '1', assets: ['BTC.BTC'] }],
    ['that the ledger refuses', { ...DAILY, max: 1 }],
  ])('publish a limit %s', async (_what, rule) => {
    await system.json(['policy', 'publish', '--file', fileOf({ rules: [rule] })]);
    expect(sent()).toEqual({ after_version: 1, policy: { rules: [rule] } });
  });

  it('repeat the faults that the ledger finds in a file', async () => {
    const message = 'policy.rules[0].max: must be a decimal amount or a whole count, as text';
    await withScript({ 'POST /internal/policy': { status: 422, message } });
    const file = fileOf({ rules: [{ ...DAILY, max: 1 }] });
    const { exitCode, document } = await system.json(`policy publish --file ${file}`);
    expect(exitCode).not.toBe(0);
    expect(document.error).toContain(message);
  });

  it.each(['diff', 'publish', 'dry-run'])(
    '%s sends no file without a JSON object',
    async (name) => {
      const errorOf = async (file: string) => {
        const { exitCode, document } = await system.json(`policy ${name} --file ${file}`);
        return { exitCode, error: document.error as string };
      };
      const missing = join(folder, 'missing.json');
      expect(await errorOf(missing)).toEqual({
        exitCode: 2,
        error: `the file ${missing} cannot be read`,
      });
      for (const content of ['{', '', [DAILY], '"text"', 'null'])
        expect(await errorOf(fileOf(content))).toEqual({
          exitCode: 2,
          error: `the file ${join(folder, 'policy.json')} is no JSON object`,
        });
      expect(system.ledger.seen.filter(({ method }) => method === 'POST')).toEqual([]);
    },
  );

  it('replay the last withdrawals under a file', async () => {
    const file = fileOf(POLICY);
    expect(await linesOf(`policy dry-run --file ${file} --last 3`)).toEqual([
      'decided               withdrawal                            account                               asset     payout  before  after  rule',
      `2026-11-22 08:00:00Z  ${ID}  ${ACCOUNT}  USDT.ETH      70  allow   deny   daily`,
      '',
      '3 withdrawals since 2026-11-22T00:00:00.000Z: 1 decisions change; refused 0 before, 1 after',
    ]);
    expect(sent()).toEqual({ policy: POLICY, last: 3 });

    const none = { requests: 0, since: null, refused_before: 0, refused_after: 0, changes: 0 };
    await withScript({ 'POST /internal/policy/dry-run': { data: { ...none, changed: [] } } });
    expect((await linesOf(`policy dry-run --file ${file}`))[0]).toBe('no decision changes');
    expect(sent()).toEqual({ policy: POLICY, last: 10_000 });
    const most = ['policy', 'dry-run', '--file', file, '--last', '100001'];
    const { exitCode } = await system.json(most);
    expect(exitCode).toBe(2);
  });

  it('explain a decision by every rule', async () => {
    const lines = await linesOf(`policy explain ${ID}`);
    expect(lines).toContain('allowed     false');
    expect(lines.slice(-2)).toEqual([
      'rule   answer  used  amount  max  unit      missing  meaning',
      'daily  deny      70      40  100  USDT.ETH  –        at most 100 units of the asset within day',
    ]);
    expect(await linesOf('policy explain 17')).toEqual(lines);
    const { exitCode, document } = await system.json(`policy explain ${ACCOUNT}`);
    expect(exitCode).not.toBe(0);
    expect(document.error).toContain('Not found');
  });

  it('list prices, and state one alone or by two people', async () => {
    expect(await linesOf('policy prices')).toEqual([
      'asset     EUR each  at                    asked by  approved by',
      'USDT.ETH      0.92  2026-11-23 00:00:00Z  ada       –',
    ]);
    const price = 'policy price --asset USDT.ETH --eur 0.92';
    expect(await linesOf(price)).toEqual(['1 USDT.ETH is 0.92 EUR since 2026-11-23T00:00:00.000Z']);
    expect(sent()).toEqual({ asset: 'USDT.ETH', eur: '0.92' });

    await withScript({
      'GET /internal/policy/prices': { data: [] },
      'POST /internal/policy/prices': { status: 202, data: AWAITED },
    });
    expect((await linesOf(price)).join('\n')).toContain('sluice approve 7 --service ledger');
    expect(await linesOf('policy prices')).toEqual([
      'there is no price: limits in EUR refuse every withdrawal',
    ]);
  });
});
