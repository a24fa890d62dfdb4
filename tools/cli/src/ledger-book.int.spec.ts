import { DEMO, StandInSystem, TOKEN } from './testkit/stand-in.js';

const A = DEMO.account_id;
const UUID = '0192f3a4-0000-4000-8000-000000000017';
const ENTRY = {
  entry_id: UUID,
  kind: 'capture',
  account_id: A,
  withdrawal_id: UUID,
  reference: null,
  reverses: null,
  reason: null,
  effective_at: '2026-05-16T21:00:00.000Z',
  recorded_at: '2026-05-16T22:00:05.000Z',
  postings: [
    { account: `customer:${A}`, asset: 'USDT.ETH', amount: '-5.5' },
    { account: 'clearing:gateio', asset: 'USDT.ETH', amount: '5.5' },
  ],
  order: null,
};
const BALANCES = [
  { asset: 'BTC.BTC', currency: 'BTC', network: 'BTC', posted: '1', held: '0', available: '1' },
  {
    asset: 'USDT.ETH',
    currency: 'USDT',
    network: 'ETH',
    posted: '100',
    held: '30',
    available: '70',
  },
];

let system: StandInSystem;
afterEach(async () => system.stop());

describe('the ledger of the operator command', () => {
  it.each([
    [`ledger balance --account ${A}`, `GET /internal/accounts/${A}/balances`, ''],
    [
      `ledger balance --account ${A} --at 2026-11-20T08:00:00Z`,
      `GET /internal/accounts/${A}/balances/at/2026-11-20T08%3A00%3A00Z`,
      '',
    ],
    [
      `ledger balance --account ${A} --at 2026-11-20T08:00:00Z --by effective`,
      `GET /internal/accounts/${A}/balances/at/2026-11-20T08%3A00%3A00Z`,
      '?by=effective',
    ],
    [
      'ledger balance --account clearing:gateio',
      'GET /internal/shared-accounts/clearing%3Agateio/balances/at/9999-12-31T23%3A59%3A59Z',
      '',
    ],
    [`ledger statement --account ${A}`, `GET /internal/accounts/${A}/statement`, ''],
    [
      `ledger statement --account ${A} --limit 2 --cursor c%`,
      `GET /internal/accounts/${A}/statement`,
      '?limit=2&cursor=c%25',
    ],
    ['ledger holds --state placed', 'GET /internal/holds', '?state=placed'],
    [
      `ledger holds --state expired --account ${A} --limit 5`,
      'GET /internal/holds',
      `?state=expired&account_id=${A}&limit=5`,
    ],
    [
      `ledger entries --withdrawal ${UUID.toUpperCase()}`,
      `GET /internal/withdrawals/${UUID}/entries`,
      '',
    ],
  ])('%s asks %s%s', async (line, endpoint, query) => {
    system = await StandInSystem.start({ ledger: { [endpoint]: { data: [] } } });

    const { exitCode } = await system.json(line);

    const [seen] = system.ledger.seen;
    expect({ exitCode, target: seen?.target }).toEqual({
      exitCode: 0,
      target: `${endpoint.split(' ')[1]}${query}`,
    });
    expect(seen?.headers.authorization).toBe(`Bearer ${TOKEN}`);
  });

  it.each([
    [
      `account freeze --account ${A} --case case-7 --reason fraud`,
      `POST /internal/accounts/${A}/freezes`,
      { freeze_id: 'case-7', reason: 'fraud' },
    ],
    [
      `account unfreeze --account ${A} --case 7/8`,
      `POST /internal/accounts/${A}/freezes/7%2F8/lift`,
      undefined,
    ],
    [
      `ledger transfer --account ${A} --from customer --to suspense --currency USDT --network ETH --amount 1.50 --reference R --evidence E`,
      `POST /internal/accounts/${A}/transfers`,
      {
        from: `customer:${A}`,
        to: 'suspense',
        asset: 'USDT.ETH',
        amount: '1.50',
        reference: 'R',
        evidence: 'E',
      },
    ],
  ])('%s asks %s', async (line, endpoint, body) => {
    system = await StandInSystem.start({ ledger: { [endpoint]: { data: { id: 'as answered' } } } });

    expect(await system.json(line)).toEqual({
      exitCode: 0,
      document: { id: 'as answered' },
    });
    const [seen] = system.ledger.seen;
    expect(seen?.body === '' ? undefined : JSON.parse(seen?.body ?? '')).toEqual(body);
  });

  it('shows of a balance what was asked for, and everything otherwise', async () => {
    system = await StandInSystem.start({
      ledger: { [`GET /internal/accounts/${A}/balances`]: { data: BALANCES } },
    });
    const line = `ledger balance --account ${A}`;

    const { stdout } = await system.sluice(line);

    expect(stdout).toBe(
      'asset     posted  held  available\nBTC.BTC        1     0          1\nUSDT.ETH     100    30         70\n',
    );
    expect((await system.json(`${line} --currency USDT --network ETH`)).document).toEqual([
      BALANCES[1],
    ]);
    expect((await system.json(`${line} --network TRX`)).document).toEqual([]);
  });

  it('does not ask for a time that would count for nothing', async () => {
    system = await StandInSystem.start({});

    const { exitCode, document } = await system.json(
      `ledger balance --account ${A} --by effective`,
    );

    expect({ exitCode, asked: system.ledger.seen }).toEqual({ exitCode: 2, asked: [] });
    expect(document.error).toContain('--at is missing');
  });

  it('tells how a statement goes on, and that it has ended', async () => {
    const line = { ...ENTRY, asset: 'USDT.ETH', amount: '-5.5' };
    const pages = [
      { raw: { success: true, message: 'OK', data: [line], next_cursor: 'abc' } },
      { raw: { success: true, message: 'OK', data: [], next_cursor: null } },
    ];
    system = await StandInSystem.start({
      ledger: {
        [`GET /internal/accounts/${A}/statement`]: ({ target }) =>
          pages[target.includes('cursor=abc') ? 1 : 0]!,
      },
    });
    const command = `ledger statement --account ${A} --limit 1`;

    const { stdout } = await system.sluice(command);

    expect(stdout).toMatch(
      /^2026-05-16 22:00:05Z {2}2026-05-16 21:00:00Z {2}capture {2}USDT\.ETH +-5\.5 {2}0192\S+ +0192\S+$/m,
    );
    expect(stdout).toMatch(/\nmore: --cursor abc\n$/);
    expect(await system.json(`${command} --cursor abc`)).toEqual({
      exitCode: 0,
      document: { data: [], next_cursor: null },
    });
  });

  it('shows an entry with its postings, and finds those of a withdrawal by its number', async () => {
    system = await StandInSystem.start({
      intake: { 'GET /internal/withdrawals/17': { data: { id: UUID, number: 17 } } },
      ledger: {
        [`GET /internal/entries/${UUID}`]: { data: ENTRY },
        [`GET /internal/withdrawals/${UUID}/entries`]: { data: [ENTRY] },
      },
    });

    const { stdout } = await system.sluice(`ledger entry ${UUID}`);

    expect(stdout).toMatch(/^kind +capture$/m);
    expect(stdout).toMatch(/^clearing:gateio +USDT\.ETH +5\.5$/m);
    expect(stdout).not.toContain('–');
    expect(await system.json('ledger entries --withdrawal 17')).toEqual({
      exitCode: 0,
      document: [ENTRY],
    });
  });

  it('shows who ordered an entry that moved money by hand, and on what evidence', async () => {
    const order = { ordered_by: 'ada', approved_by: 'peter', evidence: 'statement 4, line 2' };
    system = await StandInSystem.start({
      ledger: { [`GET /internal/entries/${UUID}`]: { data: { ...ENTRY, order } } },
    });

    const { stdout } = await system.sluice(`ledger entry ${UUID}`);

    expect(stdout).toMatch(/^ordered by +ada$/m);
    expect(stdout).toMatch(/^approved by +peter$/m);
    expect(stdout).toMatch(/^evidence +statement 4, line 2$/m);
  });

  it('tells who is awaited for a transfer that takes two people', async () => {
    const awaited = { approval_id: '7', awaits: 'a second person', expires_at: 'tomorrow' };
    const data = {
      ...awaited,
      code: 'above_one_person_limit',
      message: 'The limit is 5 EUR (call).',
    };
    system = await StandInSystem.start({
      ledger: { [`POST /internal/accounts/${A}/transfers`]: { status: 202, data } },
    });
    const line = `ledger transfer --account ${A} --from customer --to suspense --currency USDT --network ETH --amount 2000000 --reference R --evidence E`;

    expect((await system.sluice(line)).stdout).toMatch(
      /^The limit is 5 EUR \(call\)\.\nnoted, .*sluice approve 7 --service ledger$/m,
    );
  });

  it('takes an entry back for the account that it is of', async () => {
    const reversal = { account_id: A, entry_id: 'e2', reverses: UUID, reason: 'twice' };
    system = await StandInSystem.start({
      ledger: {
        [`GET /internal/entries/${UUID}`]: { data: ENTRY },
        [`POST /internal/accounts/${A}/entries/${UUID}/reversal`]: { data: reversal },
      },
    });

    expect(await system.json(`ledger reverse ${UUID} --reason twice`)).toEqual({
      exitCode: 0,
      document: reversal,
    });
    expect(JSON.parse(system.ledger.seen[1]?.body ?? '')).toEqual({ reason: 'twice' });

    await system.json(`ledger reverse ${UUID} --reason twice --lines venue_fee`);
    expect(JSON.parse(system.ledger.seen[3]?.body ?? '')).toEqual({
      reason: 'twice',
      lines: 'venue_fee',
    });
  });

  it('ends with 1 when the ledger refuses', async () => {
    system = await StandInSystem.start({
      ledger: {
        'GET /internal/entries/x': { status: 422, message: 'entry_id: Input should be a UUID' },
      },
    });

    expect(await system.json('ledger reverse x --reason r')).toEqual({
      exitCode: 1,
      document: { error: 'entry_id: Input should be a UUID' },
    });
  });

  it('knows no other states of holds', async () => {
    system = await StandInSystem.start({});

    expect(await system.json('ledger holds --state lost')).toMatchObject({
      exitCode: 2,
    });
  });
});
