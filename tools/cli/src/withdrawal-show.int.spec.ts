import { withNextStep } from '@sluice/kernel';
import { StandInSystem, type Script } from './testkit/stand-in.js';

const UUID = '0192f3a4-0000-4000-8000-000000000017';

const WITHDRAWAL = {
  id: UUID,
  number: 17,
  account_id: '3f0c9d52-6a3e-4f5e-9a51-0b6d2f1c7e11',
  client_reference: 'invoice-9',
  currency: 'USDT',
  network: 'ETH',
  amount: '50',
  fee: '0.5',
  venue: 'gateio',
  venue_reference: null,
  state: 'uncertain',
  status: 'pending',
  stage: 'verifying_submission',
  awaits: 'the records of the venue',
  requested_at: '2026-05-16T22:00:00.000Z',
  history: [
    {
      sequence: 1,
      from: 'requested',
      to: 'submitting',
      trigger: 'hold_placed',
      detail: null,
      at: '2026-05-16T22:00:00.120Z',
    },
  ],
  tried: ['bybit'],
  routing: [
    {
      sequence: 1,
      at: '2026-05-16T22:00:00.000Z',
      after: 'requested',
      venue: 'bybit',
      named: false,
      passed: [{ venue: 'bitmart', because: 'paused' }],
    },
    {
      sequence: 3,
      at: '2026-05-16T22:00:01.000Z',
      after: 'rerouted',
      venue: 'gateio',
      named: false,
      passed: [
        { venue: 'bitmart', because: 'paused' },
        { venue: 'bybit', because: 'tried' },
      ],
    },
  ],
  cases: [],
};

const ENTRY = {
  entry_id: 'e1',
  kind: 'capture',
  recorded_at: '2026-05-16T22:00:05.000Z',
  postings: [
    { account: 'customer:a', asset: 'USDT.ETH', amount: '-50.5' },
    { account: 'fee-income', asset: 'USDT.ETH', amount: '0.5' },
  ],
};

const SUBMISSION = {
  state: 'unknown',
  not_after: '2026-05-16T23:00:00.000Z',
  awaited: 'a trace in the records of the venue',
  attempts: [
    {
      number: 1,
      state: 'unknown',
      intended_at: '2026-05-16T22:00:01.000Z',
      answered_at: null,
      response_status: null,
      cause: 'timeout',
    },
  ],
  cases: [{ kind: 'late_fact', text: 'two records', opened_at: '2026-05-16T22:00:09.000Z' }],
  decisions: [],
};

const intake: Script = {
  'GET /internal/withdrawals/17': { data: WITHDRAWAL },
  [`GET /internal/withdrawals/${UUID}`]: { data: WITHDRAWAL },
};
const ledger: Script = { [`GET /internal/withdrawals/${UUID}/entries`]: { data: [ENTRY] } };
const connector: Script = { [`GET /internal/submissions/${UUID}`]: { data: SUBMISSION } };
const venues: Readonly<Record<string, Script>> = { bybit: {} };
const earlier = [{ venue: 'bybit', submission: null }];

let system: StandInSystem;
afterEach(async () => system.stop());

describe('withdrawal show', () => {
  it.each(['17', UUID, UUID.toUpperCase()])(
    'finds %s and puts together what intake, ledger and connector know',
    async (id) => {
      system = await StandInSystem.start({ intake, ledger, connector, venues });

      expect(await system.json(`withdrawal show ${id}`)).toEqual({
        exitCode: 0,
        document: { ...WITHDRAWAL, entries: [ENTRY], submission: SUBMISSION, earlier },
      });
    },
  );

  it('tells people what is awaited, the history, the postings and the attempts', async () => {
    system = await StandInSystem.start({ intake, ledger, connector, venues });

    const { stdout } = await system.sluice('withdrawal show 17');

    expect(stdout).toMatch(/^awaits +the records of the venue$/m);
    expect(stdout).toMatch(
      /^ *1 {2}2026-05-16 22:00:00\.120Z {2}requested {2}submitting {2}hold_placed/m,
    );
    expect(stdout).toMatch(
      /^2026-05-16 22:00:05Z {2}capture {2}customer:a {2}USDT\.ETH {3}-50\.5 {2}e1$/m,
    );
    expect(stdout).toMatch(/^ +fee-income {2}USDT\.ETH {5}0\.5$/m);
    expect(stdout).toMatch(/^1 {2}unknown {2}2026-05-16 22:00:01\.000Z.*timeout$/m);
    expect(stdout).toMatch(/^tried before +bybit$/m);
    expect(stdout).toMatch(
      /^ *1 {2}2026-05-16 22:00:00\.000Z {2}requested {2}bybit +bitmart: paused$/m,
    );
    expect(stdout).toMatch(
      /^ *3 {2}2026-05-16 22:00:01\.000Z {2}rerouted +gateio +bitmart: paused, bybit: tried$/m,
    );
    expect(stdout).toMatch(/^begins by +2026-05-16 23:00:00Z$/m);
    expect(stdout).toMatch(/late_fact {2}two records$/m);
  });

  it('names the withdrawal in the next step', async () => {
    const awaited = withNextStep('the decision of two people', 'person');
    system = await StandInSystem.start({
      intake,
      ledger,
      connector: {
        [`GET /internal/submissions/${UUID}`]: {
          data: { ...SUBMISSION, state: 'undecided', awaited },
        },
      },
      venues,
    });

    const { document } = await system.json(`withdrawal show ${UUID}`);

    expect(document.awaits).toBe(
      'the decision of two people (next: sluice withdrawal resolve 17 --as paid|absent --evidence TEXT; docs/operations/runbook.md#a-transfer-is-undecided)',
    );
  });

  it('has no submission for a withdrawal that never got to a venue', async () => {
    system = await StandInSystem.start({ intake, ledger, connector: {}, venues });

    const { exitCode, document } = await system.json('withdrawal show 17');

    expect({ exitCode, submission: document.submission }).toEqual({
      exitCode: 0,
      submission: null,
    });
  });

  it('of a withdrawal that went on to another venue shows what became of it at each', async () => {
    const moved = { ...WITHDRAWAL, venue: 'bybit', tried: ['gateio'] };
    const refused = {
      ...SUBMISSION,
      state: 'refused',
      reason: 'insufficient_venue_funds',
      cases: [],
    };
    system = await StandInSystem.start({
      intake: { 'GET /internal/withdrawals/17': { data: moved } },
      ledger,
      connector: { [`GET /internal/submissions/${UUID}`]: { data: refused } },
      venues: { bybit: connector },
    });

    const { document } = await system.json('withdrawal show 17');
    const { stdout } = await system.sluice('withdrawal show 17');

    expect(document).toEqual({
      ...moved,
      entries: [ENTRY],
      submission: SUBMISSION,
      earlier: [{ venue: 'gateio', submission: refused }],
    });
    expect(stdout).toMatch(/^submission at gateio, which gave it back$/m);
    expect(stdout).toContain('insufficient_venue_funds');
  });

  it('shows what it can when a service is away, and says what is missing', async () => {
    system = await StandInSystem.start({ intake, ledger, connector, venues });
    await system.ledger.stop();

    const { exitCode, document } = await system.json('withdrawal show 17');
    const { stdout } = await system.sluice('withdrawal show 17');

    expect(exitCode).toBe(2);
    expect(document).toMatchObject({
      number: 17,
      entries: null,
      submission: SUBMISSION,
      unavailable: [expect.stringContaining('ledger cannot be reached')],
    });
    expect(stdout).toContain('not shown: ledger cannot be reached');
    expect(stdout).not.toContain('nothing was booked');
  });

  it.each(['latest', '0', '-1', `${UUID}0`, '../accounts'])('does not ask for %s', async (id) => {
    system = await StandInSystem.start({ intake, ledger, connector, venues });

    const { exitCode } = await system.json(`withdrawal show -- ${id}`);

    expect(exitCode).toBe(2);
    expect(system.intake.seen).toEqual([]);
  });
});
