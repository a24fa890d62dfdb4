import { randomUUIDv7 } from 'node:crypto';
import type { AwaitedState, SubmitOutcome } from '@sluice/connector-rules';
import { withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import { TestQueue, NO_ANSWER } from '../testkit/given-queue.js';
import { TEST_AUTHORITY } from '../testkit/given-tables.js';

const UNKNOWN: SubmitOutcome = { kind: 'unknown', cause: 'time-out', evidence: NO_ANSWER };
const REFUSED: SubmitOutcome = {
  kind: 'refused',
  basis: 'validation',
  reason: 'limit',
  venueCode: '7',
  message: 'over the limit',
  evidence: NO_ANSWER,
};
const accepted = (venueReference: string): SubmitOutcome => ({
  kind: 'accepted',
  venueReference,
  evidence: NO_ANSWER,
});

describe('what is asked about submissions', () => {
  let postgres: TestPostgres;
  let queue: TestQueue;
  beforeAll(async () => {
    postgres = await withTestPostgres();
    queue = await TestQueue.start(postgres);
  });
  afterAll(async () => {
    await queue.close();
    await postgres.stop();
  });

  async function given(outcome: SubmitOutcome | null, change = ''): Promise<string> {
    const [id = ''] = await queue.submit(null);
    if (outcome !== null) await queue.outcome(await queue.claim('a'), outcome);
    if (change !== '')
      await queue.database.query(`UPDATE submission SET ${change} WHERE withdrawal_id = $1`, [id]);
    return id;
  }
  /** What this process leaves beside an end without a payment. */
  async function prove(withdrawalId: string): Promise<void> {
    const [{ digest } = { digest: '' }] = await queue.database.query<{ digest: string }>(
      'SELECT digest FROM submission WHERE withdrawal_id = $1',
      [withdrawalId],
    );
    await queue.database.query(
      'UPDATE submission SET nothing_moved = $2 WHERE withdrawal_id = $1',
      [withdrawalId, TEST_AUTHORITY.proveNothingMoved({ withdrawalId, digest })],
    );
  }
  async function reportedWhenSeenAs(id: string, state: AwaitedState): Promise<string[]> {
    const before = queue.publishedOf(id).length;
    await queue.report({ withdrawalId: id, state });
    return queue.publishedOf(id).slice(before);
  }

  it('events of a connector that Kafka lost are published again, in order', async () => {
    const id = await given(
      accepted('v1'),
      `state = 'settled', tx_hash = '0xabc', venue_fee = 0.4, finished_at = now(), next_action_at = NULL`,
    );

    expect(await reportedWhenSeenAs(id, 'submitting')).toEqual([
      'submission-accepted',
      'withdrawal-settled',
    ]);
    expect(await reportedWhenSeenAs(id, 'broadcast')).toEqual(['withdrawal-settled']);
  });

  it.each<[string, SubmitOutcome | null, string, AwaitedState, readonly string[]]>([
    ['waits for its turn', null, '', 'submitting', []],
    ['was refused, which is still to be looked up', REFUSED, '', 'submitting', []],
    ['is unknown', UNKNOWN, '', 'submitting', ['submission-unknown']],
    ['is unknown, as is known', UNKNOWN, '', 'uncertain', []],
    [
      'was refused',
      REFUSED,
      `state = 'refused', reason = 'limit', next_action_at = NULL`,
      'submitting',
      ['submission-refused: limit'],
    ],
    ['was accepted', accepted('v2'), '', 'uncertain', ['submission-accepted']],
    ['is on the chain', accepted('v3'), `tx_hash = '0xabc'`, 'submitted', ['withdrawal-broadcast']],
    ['is as far as that', accepted('v4'), '', 'submitted', []],
    [
      'is held back until a person says whether it was paid',
      null,
      'lookup_first = true, unknown_published = true',
      'submitting',
      ['submission-unknown'],
    ],
    [
      'failed',
      accepted('v5'),
      `state = 'failed', reason = 'cancelled', cancel_state = 'asked', next_action_at = NULL`,
      'broadcast',
      ['withdrawal-failed: cancelled'],
    ],
  ])('of one that %s', async (_is, outcome, change, seenAs, published) => {
    const id = await given(outcome, change);
    if (/'(refused|failed)'/.test(change)) await prove(id);

    expect(await reportedWhenSeenAs(id, seenAs)).toEqual(published);
  });

  it.each([
    ['refused', UNKNOWN, 'submitting'],
    ['failed', accepted('v7'), 'broadcast'],
  ] as const)(
    'of one that somebody else wrote down as %s, nothing',
    async (state, said, seenAs) => {
      const ended = `state = '${state}', reason = 'limit', next_action_at = NULL`;
      const id = await given(said, ended);

      expect(await reportedWhenSeenAs(id, seenAs)).toEqual([]);
    },
  );

  it('one that never arrived is reported as missing', async () => {
    const id = randomUUIDv7();

    expect(await reportedWhenSeenAs(id, 'submitting')).toEqual(['submission-missing']);
  });

  it('a cancel whose order never arrived is reported the same way, so that both are sent again', async () => {
    const id = randomUUIDv7();

    await queue.cancel(id);

    expect(queue.publishedOf(id)).toEqual(['submission-missing']);
  });

  it('an order that comes again is stored once and answered with what is known', async () => {
    const paid = await given(accepted('v6'));
    const waiting = await given(null);
    const fresh = randomUUIDv7();
    const before = queue.published.length;

    await queue.orderAgain(waiting, paid, fresh);

    expect(
      queue.published.slice(before).map(({ withdrawalId, type }) => [withdrawalId, type]),
    ).toEqual([[paid, 'submission-accepted']]);
    expect(await queue.rowOf(fresh)).toMatchObject({ state: 'prepared', attempts: 0 });
    expect(await queue.rowOf(paid)).toMatchObject({ state: 'accepted', attempts: 1 });
  });

  it('the same cancel once more, when it was cancelled as wished, is no refusal of the wish', async () => {
    const id = await given(null);
    await queue.cancel(id);
    const before = queue.publishedOf(id).length;

    await queue.cancel(id);

    expect(queue.publishedOf(id).slice(before)).toEqual([]);
    expect(await reportedWhenSeenAs(id, 'submitting')).toEqual(['submission-refused: cancelled']);
  });

  it('five hundred in one message, of which none has moved, are answered with nothing', async () => {
    const ids = await queue.submit(...Array<null>(500).fill(null));
    const before = queue.published.length;

    await queue.report(
      ...ids.map((withdrawalId) => ({ withdrawalId, state: 'submitting' as const })),
    );

    expect(queue.published.length).toBe(before);
  });
});
