import { randomUUIDv7 } from 'node:crypto';
import type { FormCapabilities, SubmitOutcome } from '@sluice/connector-rules';
import { Outbox, UnitOfWork, type Database } from '@sluice/postgres';
import { withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import { Amount } from '@sluice/kernel';
import { SubmitHandler } from '../commands/submit-handler.js';
import { RatePlan } from '../rate/rate-plan.js';
import { UnknownSubmissions } from '../unknown/unknown-submissions.js';
import {
  ANY_ORDER,
  givenTables,
  TEST_AUTHORITY,
  type TestTables,
} from '../testkit/given-tables.js';
import { EventWriter } from '../wire/event-writer.js';
import { Outcomes } from './outcomes.js';
import {
  ANY_PERMIT,
  givenCeilings,
  NOTHING_ADDED,
  NOTHING_LIFTED,
  NOTHING_SENT,
  QUIET,
  OPEN_GATE,
  submitCommand,
} from '../testkit/given-queue.js';
import type { Ceilings } from '../ceilings/ceilings.js';
import { UnderWay } from '../loops/under-way.js';
import { Sweeper } from './sweeper.js';
import { ClaimCommits } from './claim-commits.js';
import { SubmissionQueue, type Claim } from './submission-queue.js';

const FORM: FormCapabilities = {
  form: 'bank',
  destination: 'reference_account',
  accountKinds: [],
  assets: ['EUR.SEPA'],
  recovery: 'replay',
  absence: { emptyLookups: 3, afterMs: 1_000 },
  honoured: { forMs: 0, source: 'a venue that forgets at once' },
  maxResends: 2,
  replayForMs: 60_000,
  cancellable: true,
  submitEndpoint: 'POST /pay',
};
const CAPABILITIES = { venue: 'testvenue', forms: [FORM] };
const SAID = { status: 500, body: '' };
const UNKNOWN: SubmitOutcome = { kind: 'unknown', cause: 'time-out', evidence: SAID };
const events = new EventWriter('testvenue', TEST_AUTHORITY);

let postgres: TestPostgres;
let tables: TestTables;
let database: Database;
let ceilings: Ceilings;
let unitOfWork: UnitOfWork;
let queue: SubmissionQueue;

beforeAll(async () => void (postgres = await withTestPostgres()));
beforeEach(async () => {
  tables = await givenTables(postgres, 'repeats');
  ({ database } = tables);
  const outbox = new Outbox(tables.service);
  outbox.onCommitted(() => undefined);
  unitOfWork = new UnitOfWork(tables.service, 'repeats', outbox);
  ceilings = givenCeilings(CAPABILITIES.forms);
  queue = new SubmissionQueue(
    unitOfWork,
    'me',
    ANY_ORDER,
    { ceilings, lifts: NOTHING_LIFTED, permits: ANY_PERMIT },
    new ClaimCommits(unitOfWork, QUIET),
  );
  await givenUnknown();
});
afterEach(() => tables.close());
afterAll(() => postgres.stop());

/** One order that was sent and never answered; its time has come. */
async function givenUnknown(): Promise<void> {
  const plan = new RatePlan(tables.service, { 'POST /pay': { limit: 1_000, perMs: 1 } });
  await plan.install();
  const command = submitCommand(randomUUIDv7(), {
    asset: 'EUR.SEPA',
    amount: '5',
    destination: {
      type: 'reference_account',
      user_id: 'u',
      account_group_id: 'g',
      reference_account_id: 'r',
    },
  });
  await unitOfWork.run((tx) =>
    new SubmitHandler(CAPABILITIES, events, plan, { isThrough: true }, NOTHING_ADDED).insert(tx, [
      command,
    ]),
  );
  const [order] = await queue.peek(FORM, 1);
  if (!order) throw new Error('nothing is due');
  const request = {
    form: 'bank',
    body: '{"amount":"5"}',
    gross: Amount.of('5', 'EUR.SEPA'),
    evidence: { key: 'k1' },
  };
  await answered(await queue.claim([{ order, request }], 10_000, new Date()), UNKNOWN);
}

async function answered(claims: readonly Claim[], outcome: SubmitOutcome): Promise<void> {
  await new Outcomes(
    unitOfWork,
    events,
    { refusalLookupAfterMs: 0 },
    ANY_ORDER,
    CAPABILITIES,
  ).store(claims.map((claim) => ({ claim, outcome })));
  await database.query(
    `UPDATE submission SET next_action_at = clock_timestamp() WHERE state = 'unknown'`,
  );
}

const change = (assignments: string): Promise<object[]> =>
  database.query(`UPDATE submission SET ${assignments}`);
const claimRepeats = (leaseMs = 10_000): Promise<Claim[]> =>
  queue.claimRepeats(FORM, 10, leaseMs, new Date());
const toLookFor = async (): Promise<number> =>
  (
    await new UnknownSubmissions(unitOfWork, CAPABILITIES, events, ANY_ORDER, OPEN_GATE).due(
      FORM,
      10,
    )
  ).length;
const states = async (): Promise<object | undefined> =>
  (
    await database.query<object>(
      'SELECT s.state, a.state AS attempt, s.attempt AS number, s.resends FROM submission s JOIN attempt a USING (withdrawal_id)',
    )
  )[0];

it('a repeat is the attempt itself: same bytes, same evidence, same number', async () => {
  expect(await queue.repeatsDue(FORM, 10)).toBe(1);

  const [claim] = await claimRepeats();

  expect(claim).toMatchObject({
    isRepeat: true,
    request: {
      form: 'bank',
      body: '{"amount":"5"}',
      gross: Amount.of('5', 'EUR.SEPA'),
      evidence: { key: 'k1' },
    },
  });
  expect(await states()).toEqual({ state: 'repeating', attempt: 'unknown', number: 1, resends: 1 });
  await answered(claim ? [claim] : [], { kind: 'accepted', venueReference: 'v1', evidence: SAID });
  expect(await states()).toEqual({ state: 'accepted', attempt: 'accepted', number: 1, resends: 1 });
});

it('waits for a permit of the auditor', async () => {
  const withoutPermit = new SubmissionQueue(
    unitOfWork,
    'me',
    ANY_ORDER,
    { ceilings, lifts: NOTHING_LIFTED, permits: { ...ANY_PERMIT, parameter: null } },
    new ClaimCommits(unitOfWork, QUIET),
  );

  expect(await withoutPermit.repeatsDue(FORM, 10)).toBe(0);
  expect(await withoutPermit.claimRepeats(FORM, 10, 10_000, new Date())).toEqual([]);
  expect(await states()).toMatchObject({ state: 'unknown', resends: 0 });
});

it('only one of two instances gets it', async () => {
  const other = new SubmissionQueue(
    unitOfWork,
    'other',
    ANY_ORDER,
    { ceilings, lifts: NOTHING_LIFTED, permits: ANY_PERMIT },
    new ClaimCommits(unitOfWork, QUIET),
  );

  const claims = await Promise.all([
    claimRepeats(),
    other.claimRepeats(FORM, 10, 10_000, new Date()),
  ]);

  expect(claims.flat()).toHaveLength(1);
});

it('repeats and look-ups take turns, until it has been repeated often enough', async () => {
  const turns: string[] = [];
  for (let turn = 0; turn < 5; turn++) {
    const repeats = await claimRepeats();
    const looked = await toLookFor();
    turns.push(repeats.length === 1 ? 'repeat' : looked === 1 ? 'look' : 'nothing');
    await answered(repeats, UNKNOWN);
    if (looked === 1) await change('empty_lookups = empty_lookups + 1');
  }

  expect(turns).toEqual(['repeat', 'look', 'repeat', 'look', 'look']);
});

it('a claim that died is unknown again when its lease ends, and its late answer is not used', async () => {
  const [late] = await claimRepeats(0);
  await new Promise((resolve) => setTimeout(resolve, 20));
  const underWay = new UnderWay(tables.service);
  await new Sweeper(unitOfWork, events, underWay, QUIET, NOTHING_SENT).sweep();
  expect(await states()).toMatchObject({ state: 'unknown', attempt: 'unknown' });

  await answered(late ? [late] : [], { kind: 'accepted', venueReference: 'v1', evidence: SAID });

  expect(await states()).toMatchObject({ state: 'unknown' });
  expect(await database.query('SELECT kind FROM submission_case')).toEqual([
    { kind: 'late_outcome' },
  ]);
});

it.each([
  [
    'the venue may have forgotten the key',
    `UPDATE submission SET intended_at = now() - interval '61 seconds'`,
  ],
  ['somebody wants it cancelled', `UPDATE submission SET cancel_state = 'wished'`],
  ['its deadline has passed', `UPDATE submission SET not_after = now()`],
  ['a person is deciding', `UPDATE submission SET state = 'undecided'`],
])('it is looked for and not repeated when %s', async (_why, statement) => {
  await database.query(statement);

  expect([
    await queue.repeatsDue(FORM, 10),
    (await claimRepeats()).length,
    await toLookFor(),
  ]).toEqual([0, 0, 1]);
});

it('a form whose venue does not replay is never repeated', async () => {
  const { replayForMs: _never, ...rest } = FORM;

  expect(await queue.repeatsDue({ ...rest, recovery: 'search' }, 10)).toBe(0);
});
