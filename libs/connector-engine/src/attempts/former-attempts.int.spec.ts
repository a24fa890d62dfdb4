import { randomUUIDv7 } from 'node:crypto';
import { withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import type { Claim } from '../queue/submission-queue.js';
import { LostIntents } from '../restore/lost-intents.js';
import { SentOrders } from '../restore/sent-orders.js';
import { NO_ANSWER, NOT_SENT, QUIET, submitCommand, TestQueue } from '../testkit/given-queue.js';
import { TEST_AUTHORITY } from '../testkit/given-tables.js';
import { APPLY_RESOLUTIONS } from '../unknown/unknown-sql.js';

const ACCEPTED = { kind: 'accepted', venueReference: 'v1', evidence: NO_ANSWER } as const;
const NUMBERS = `
  SELECT (SELECT last::int FROM sending) AS last, array_agg(serial_number::int ORDER BY serial_number) AS numbers FROM attempt`;

describe('an attempt with a later attempt', () => {
  let postgres: TestPostgres;
  let queue: TestQueue;
  beforeAll(async () => (postgres = await withTestPostgres()));
  beforeEach(async () => (queue = await TestQueue.start(postgres)));
  afterEach(() => queue.close());
  afterAll(() => postgres.stop());

  const attempts = () =>
    queue.database.query(
      'SELECT number, state, lease_token::text AS token, request, nothing_moved_seal FROM attempt ORDER BY withdrawal_id, number',
    );
  const former = () =>
    queue.database.query(
      'SELECT withdrawal_id, row_to_json(f) AS row FROM former_attempt f ORDER BY withdrawal_id, number',
    );
  const givenClaimed = async (count: number): Promise<readonly Claim[]> => {
    await queue.take(
      ...Array.from({ length: count }, (_, n) =>
        submitCommand(randomUUIDv7(), { amount: String(n + 1) }),
      ),
    );
    return queue.claim('a');
  };
  const resend = ({ withdrawalId }: Claim) =>
    queue.unitOfWork.run((tx) =>
      tx.query(APPLY_RESOLUTIONS, [
        JSON.stringify([
          {
            withdrawal_id: withdrawalId,
            attempt: 1,
            state_before: 'unknown',
            lookups_before: 0,
            kind: 'resend',
            covered: true,
            pause_ms: 0,
            nothing_moved_seal: TEST_AUTHORITY.sealNothingMoved({ withdrawalId, number: 1 }),
          },
        ]),
      ]),
    );

  it('is kept unchanged when several instances begin the next ones and new orders at once; no number is missing', async () => {
    const first = await givenClaimed(30);
    await queue.outcome(first, NOT_SENT);
    const before = await queue.database.query(
      'SELECT withdrawal_id, row_to_json(a) AS row FROM attempt a ORDER BY withdrawal_id',
    );
    queue.sentAtOnceBy = 'd';
    const next = Array.from({ length: 10 }, () => submitCommand(randomUUIDv7()));

    const claims = await Promise.all([
      queue.claim('a'),
      queue.claim('b'),
      queue.claim('c'),
      ...next.map((order) => queue.take(order).then(() => [])),
    ]);
    const rest = await queue.claim('a');

    const begun = [...claims.flat(), ...rest, ...queue.sentAtOnce];
    expect(begun).toHaveLength(40);
    expect(new Set(begun.map(({ withdrawalId }) => withdrawalId)).size).toBe(40);
    expect(await former()).toEqual(before);
    const numbers = Array.from({ length: 70 }, (_, n) => n + 1);
    expect(await queue.database.query(NUMBERS)).toEqual([{ last: 70, numbers }]);
  });

  it('has no later outcome, and none of its outcomes belongs to the later attempt', async () => {
    const [first] = await givenClaimed(1);
    if (!first) throw new Error('nothing was claimed');
    await queue.database.query('UPDATE submission SET lease_until = now()');
    await queue.sweep();
    expect(await resend(first)).toHaveLength(1);
    const [second] = await queue.claim('b');
    const both = [
      { number: 1, state: 'absent', token: first.token },
      { number: 2, state: 'sending', token: second?.token },
    ];
    expect(await attempts()).toMatchObject(both);

    expect(await queue.outcome([first], ACCEPTED)).toBe(1);
    expect(await queue.outcome([first], NOT_SENT)).toBe(1);
    expect(await resend(first)).toEqual([]);

    expect(await attempts()).toMatchObject(both);
    expect(await queue.rowOf(first.withdrawalId)).toMatchObject({ state: 'sending', attempts: 2 });
  });

  it('is kept when the later attempt is put back on record', async () => {
    const [first] = await givenClaimed(1);
    if (!first) throw new Error('nothing was claimed');
    await queue.outcome([first], NOT_SENT);
    const before = await attempts();
    const sent = new SentOrders(queue.capabilities, { submitTimeoutMs: 60_000 });
    sent.remember({ ...first, attempt: 2, venueTime: new Date() });
    const lost = new LostIntents(sent, TEST_AUTHORITY, 'the test', queue.unitOfWork, QUIET);

    const putBack = () => queue.unitOfWork.run((tx) => lost.putBack(tx.query.bind(tx)));
    expect((await Promise.all([putBack(), putBack()])).toSorted()).toEqual([0, 1]);

    expect(await attempts()).toEqual([
      before[0],
      expect.objectContaining({ number: 2, state: 'sending', nothing_moved_seal: null }),
    ]);
    expect(await queue.database.query(NUMBERS)).toEqual([{ last: 2, numbers: [1, 2] }]);
  });

  it('is found by the indexes of both tables in a join', async () => {
    await queue.database.withClient(async (client) => {
      await client.query('SET enable_seqscan = off');
      const { rows } = await client.query<{ 'QUERY PLAN': string }>(
        `EXPLAIN SELECT a.number FROM submission s JOIN attempt a USING (withdrawal_id) WHERE s.client_reference = 'c'`,
      );
      const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
      expect(plan.match(/Index Cond: \(withdrawal_id = s.withdrawal_id\)/g)).toHaveLength(2);
      await client.query('RESET enable_seqscan');
    });
  });
});
