import { randomUUIDv7 } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FormCapabilities, VenueCapabilities } from '@sluice/connector-rules';
import { Outbox, UnitOfWork, type Database } from '@sluice/postgres';
import { withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import { SubmitHandler } from '../commands/submit-handler.js';
import { RatePlan } from '../rate/rate-plan.js';
import {
  ANY_PERMIT,
  givenCeilings,
  NOTHING_ADDED,
  NOTHING_LIFTED,
  NOTHING_SENT,
  QUIET,
  submitCommand,
} from '../testkit/given-queue.js';
import type { Ceilings } from '../ceilings/ceilings.js';
import {
  ANY_ORDER,
  givenTables,
  TEST_AUTHORITY,
  type TestTables,
} from '../testkit/given-tables.js';
import { EventWriter } from '../wire/event-writer.js';
import { Outcomes } from './outcomes.js';
import { UnderWay } from '../loops/under-way.js';
import { Sweeper } from './sweeper.js';
import { ClaimCommits } from './claim-commits.js';
import { SubmissionQueue, type Claim } from './submission-queue.js';

const PUSH: FormCapabilities = {
  form: 'push',
  destination: 'venue_account',
  accountKinds: ['uid'],
  assets: ['USDT.ETH'],
  recovery: 'none',
  absence: { emptyLookups: 3, afterMs: 1_000 },
  honoured: { forMs: 0, source: 'a venue that forgets at once' },
  maxResends: 0,
  cancellable: false,
  submitEndpoint: 'POST /pay',
};
const CAPABILITIES: VenueCapabilities = { venue: 'testvenue', forms: [PUSH] };
const events = new EventWriter('testvenue', TEST_AUTHORITY);
const SAID = { status: 200, body: '{}' };

let postgres: TestPostgres;
let tables: TestTables;
let database: Database;
let ceilings: Ceilings;
let unitOfWork: UnitOfWork;
let published: string[];

beforeAll(async () => void (postgres = await withTestPostgres()));
beforeEach(async () => {
  tables = await givenTables(postgres, 'queue');
  ({ database } = tables);
  const outbox = new Outbox(tables.service);
  published = [];
  outbox.onCommitted(
    (row) =>
      void published.push(...row.messages.map((message) => message.headers['ce_type'] ?? '')),
  );
  unitOfWork = new UnitOfWork(tables.service, 'queue', outbox);
  ceilings = givenCeilings(CAPABILITIES.forms);
});
afterEach(() => tables.close());
afterAll(() => postgres.stop());

async function givenPrepared(
  count: number,
  amount = (n: number): string => String(n + 1),
): Promise<void> {
  const plan = new RatePlan(tables.service, { 'POST /pay': { limit: 1_000, perMs: 1 } });
  await plan.install();
  const commands = Array.from({ length: count }, (_, n) =>
    submitCommand(randomUUIDv7(), { amount: amount(n) }),
  );
  await unitOfWork.run((tx) =>
    new SubmitHandler(CAPABILITIES, events, plan, { isThrough: true }, NOTHING_ADDED).insert(
      tx,
      commands,
    ),
  );
}

const queueOf = (owner: string): SubmissionQueue =>
  new SubmissionQueue(
    unitOfWork,
    owner,
    ANY_ORDER,
    { ceilings, lifts: NOTHING_LIFTED, permits: ANY_PERMIT },
    new ClaimCommits(unitOfWork, QUIET),
  );

async function claimAll(queue: SubmissionQueue, leaseMs: number): Promise<Claim[]> {
  const due = await queue.peek(PUSH, 100);
  return queue.claim(
    due.map((order) => ({
      order,
      request: { form: 'push', body: '{}', gross: order.amount, evidence: {} },
    })),
    leaseMs,
    new Date(),
  );
}

describe('the queue of prepared submissions', () => {
  it('gives each submission to one of several instances', async () => {
    await givenPrepared(50);

    const claims = await Promise.all([
      claimAll(queueOf('a'), 60_000),
      claimAll(queueOf('b'), 60_000),
      claimAll(queueOf('c'), 60_000),
    ]);

    const ids = claims.flat().map((claim) => claim.withdrawalId);
    expect(ids).toHaveLength(50);
    expect(new Set(ids).size).toBe(50);
  });

  it('of equal payments without a key, one is claimed at a time', async () => {
    await givenPrepared(3, () => '5');

    expect(await claimAll(queueOf('a'), 60_000)).toHaveLength(1);
    expect(await claimAll(queueOf('b'), 60_000)).toHaveLength(0);
  });

  it('refuses the outcome of a claim whose lease has ended: it is unknown, and the late word opens a case', async () => {
    await givenPrepared(1);
    const claims = await claimAll(queueOf('frozen'), 1);
    await sleep(20);
    const underWay = new UnderWay(tables.service);
    await new Sweeper(unitOfWork, events, underWay, QUIET, NOTHING_SENT).sweep();

    const fenced = await new Outcomes(
      unitOfWork,
      events,
      { refusalLookupAfterMs: 0 },
      ANY_ORDER,
      CAPABILITIES,
    ).store(
      claims.map((claim) => ({
        claim,
        outcome: { kind: 'accepted', venueReference: 'v1', evidence: SAID },
      })),
    );

    expect(fenced).toBe(1);
    expect(
      await database.query(
        'SELECT s.state, s.venue_reference, a.state AS attempt FROM submission s JOIN attempt a USING (withdrawal_id)',
      ),
    ).toEqual([{ state: 'unknown', venue_reference: null, attempt: 'unknown' }]);
    expect(await database.query('SELECT kind, text FROM submission_case')).toMatchObject([
      { kind: 'late_outcome', text: expect.stringContaining('v1') as string },
    ]);
    expect(published).toEqual(['venue.submission-unknown.v1']);
  });

  it('an outcome of a submission that a restore has lost stores nothing, and holds up no other outcome', async () => {
    await givenPrepared(2);
    const claims = await claimAll(queueOf('a'), 60_000);
    const [lost] = claims;
    await database.query('DELETE FROM submission WHERE withdrawal_id = $1', [lost?.withdrawalId]);

    const fenced = await new Outcomes(
      unitOfWork,
      events,
      { refusalLookupAfterMs: 0 },
      ANY_ORDER,
      CAPABILITIES,
    ).store(
      claims.map((claim, n) => ({
        claim,
        outcome: { kind: 'accepted', venueReference: `v${n}`, evidence: SAID },
      })),
    );

    expect(fenced).toBe(1);
    expect(await database.query('SELECT state, venue_reference FROM submission')).toEqual([
      { state: 'accepted', venue_reference: 'v1' },
    ]);
    expect(await database.query('SELECT FROM submission_case')).toEqual([]);
  });

  it('keeps outcomes whose texts hold a NUL or half of a character, and those that come with them', async () => {
    await givenPrepared(2);
    const claims = await claimAll(queueOf('a'), 60_000);
    const odd = `a page with \0 in it, cut in ${'😀'.slice(0, 1)}`;

    const fenced = await new Outcomes(
      unitOfWork,
      events,
      { refusalLookupAfterMs: 0 },
      ANY_ORDER,
      CAPABILITIES,
    ).store(
      claims.map((claim, n) => ({
        claim,
        outcome: {
          kind: 'unknown',
          cause: odd,
          evidence: { status: 502, body: n === 0 ? odd : '' },
        },
      })),
    );

    expect(fenced).toBe(0);
    const kept = 'a page with \ufffd in it, cut in \ufffd';
    expect(
      await database.query(
        'SELECT response_body AS body, cause FROM attempt ORDER BY response_body',
      ),
    ).toEqual([
      { body: '', cause: kept },
      { body: kept, cause: kept },
    ]);
    expect(published).toEqual(['venue.submission-unknown.v1', 'venue.submission-unknown.v1']);
  });

  it("a venue's no is looked up when its listing has had the time that was set, and not before", async () => {
    await givenPrepared(1);
    const claims = await claimAll(queueOf('a'), 60_000);
    const no = {
      kind: 'refused',
      basis: 'validation',
      reason: 'no_funds',
      venueCode: '1',
      message: 'no',
      evidence: SAID,
    } as const;

    await new Outcomes(
      unitOfWork,
      events,
      { refusalLookupAfterMs: 60_000 },
      ANY_ORDER,
      CAPABILITIES,
    ).store(claims.map((claim) => ({ claim, outcome: no })));

    const [{ wait = 0 } = {}] = await database.query<{ wait: number }>(
      `SELECT extract(epoch FROM next_action_at - clock_timestamp())::float8 AS wait FROM submission WHERE state = 'refusing'`,
    );
    expect(wait).toBeGreaterThan(50);
  });

  it('a submission that was proven not sent keeps its reference and publishes nothing', async () => {
    await givenPrepared(1);
    const [first] = await claimAll(queueOf('a'), 60_000);
    if (!first) throw new Error('nothing was claimed');
    await new Outcomes(
      unitOfWork,
      events,
      { refusalLookupAfterMs: 0 },
      ANY_ORDER,
      CAPABILITIES,
    ).store([
      {
        claim: first,
        outcome: {
          kind: 'not_sent',
          retryAfterMs: 0,
          cause: 'no connection',
          evidence: { status: null, body: '' },
        },
      },
    ]);
    await sleep(5);

    const [second] = await claimAll(queueOf('b'), 60_000);

    expect(second?.clientReference).toBe(first.clientReference);
    expect(second?.token).not.toBe(first.token);
    expect(published).toEqual([]);
    expect(
      await database.query(
        `SELECT number, state, serial_number::int, lease_token::text AS token, request, cause, answered_at IS NOT NULL AS is_answered, nothing_moved_seal IS NOT NULL AS is_sealed
           FROM attempt ORDER BY number`,
      ),
    ).toEqual([
      {
        number: 1,
        state: 'not_sent',
        serial_number: 1,
        token: first.token,
        request: first.request.body,
        cause: 'no connection',
        is_answered: true,
        is_sealed: true,
      },
      {
        number: 2,
        state: 'sending',
        serial_number: 2,
        token: second?.token,
        request: second?.request.body,
        cause: null,
        is_answered: false,
        is_sealed: false,
      },
    ]);
  });
});
