import { testApprovals } from '@sluice/service-shell/testing';
import type { SubmissionState } from '@sluice/connector-rules';
import { checkInvariants } from '@sluice/postgres';
import { withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import { Decisions } from '../admin/decisions.js';
import { VenueProof } from '../admin/venue-proof.js';
import { NOT_SENT, TestQueue, NO_ANSWER, OPEN_GATE } from '../testkit/given-queue.js';
import { UnknownSubmissions } from '../unknown/unknown-submissions.js';
import { ANY_ORDER } from '../testkit/given-tables.js';

const UNKNOWN = { kind: 'unknown', cause: 'time-out', evidence: NO_ANSWER } as const;
const CANCELLED = 'submission-refused: cancelled';

let postgres: TestPostgres;
let queue: TestQueue;

beforeAll(async () => void (postgres = await withTestPostgres()));
afterEach(async () => {
  const { violations } = await checkInvariants(
    queue.service,
    new URL('../postgres/invariants/', import.meta.url),
  );
  expect(violations.filter(({ invariant }) => !invariant.startsWith('outbox-drains'))).toEqual([]);
  await queue.close();
});
afterAll(() => postgres.stop());

const given = async (cancellable = true): Promise<void> =>
  void (queue = await TestQueue.start(postgres, { cancellable }));
const order = async (): Promise<string> => (await queue.submit(null))[0] ?? '';
const sweep = () => queue.sweep();

async function unknowns(): Promise<UnknownSubmissions> {
  await queue.database.query(
    `UPDATE submission SET next_action_at = clock_timestamp() WHERE state IN ('unknown', 'undecided')`,
  );
  return new UnknownSubmissions(
    queue.unitOfWork,
    queue.capabilities,
    queue.events,
    ANY_ORDER,
    OPEN_GATE,
  );
}

async function proveAbsent(): Promise<void> {
  const store = await unknowns();
  const due = await store.due(queue.form, 10);
  await store.apply(
    due.map((submission) => ({ submission, resolution: { kind: 'absent' }, possibleRecords: [] })),
  );
}

/** Leads a new submission into a state by the steps that lead there. */
async function lead(state: SubmissionState): Promise<string> {
  const id = await order();
  const found = `at venue ${id}`;
  if (state === 'prepared') return id;
  const claims = await queue.claim('a');
  const execute = (sql: string) => queue.database.query(sql, [id]);
  switch (state) {
    case 'unknown':
    case 'repeating':
      await queue.outcome(claims, UNKNOWN);
      if (state === 'repeating')
        await execute(
          `UPDATE submission SET state = 'repeating', lease_token = 1, lease_until = now() + interval '1 hour' WHERE withdrawal_id = $1`,
        );
      break;
    case 'undecided':
      await queue.outcome(claims, UNKNOWN);
      for (const submission of await (await unknowns()).due(queue.form, 10))
        await (
          await unknowns()
        ).apply([
          { submission, resolution: { kind: 'person_needed', cause: '?' }, possibleRecords: [] },
        ]);
      break;
    case 'refused':
    case 'refusing':
      await queue.outcome(claims, {
        kind: 'refused',
        basis: 'validation',
        reason: 'limit',
        venueCode: null,
        message: 'no',
        evidence: NO_ANSWER,
      });
      if (state === 'refused') {
        await execute(
          `UPDATE submission SET state = 'refused', next_action_at = NULL WHERE withdrawal_id = $1`,
        );
        await execute(`UPDATE submission SET attempt_state = 'refused' WHERE withdrawal_id = $1`);
      }
      break;
    case 'accepted':
    case 'disputed':
    case 'settled':
    case 'returned':
    case 'failed':
      await queue.outcome(claims, { kind: 'accepted', venueReference: found, evidence: NO_ANSWER });
      if (state === 'disputed') {
        await execute(`UPDATE submission SET state = 'disputed' WHERE withdrawal_id = $1`);
        await execute(
          `INSERT INTO submission_case (withdrawal_id, kind, text) VALUES ($1, 'not_as_asked', 'paid less')`,
        );
      } else if (state !== 'accepted')
        await execute(
          `UPDATE submission SET state = '${state}', next_action_at = NULL WHERE withdrawal_id = $1`,
        );
      if (state === 'failed')
        await execute(`UPDATE submission SET attempt_state = 'failed' WHERE withdrawal_id = $1`);
      break;
    case 'sending':
    case 'not_sent':
    case 'absent':
      break; // claimed is all it takes; the others are states of attempts
  }
  return id;
}

type Answer = 'withdrawn' | 'noted' | 'refused';

describe('a wish to cancel', () => {
  it.each<[SubmissionState, Answer, Answer]>([
    ['prepared', 'withdrawn', 'withdrawn'],
    ['sending', 'noted', 'noted'],
    ['refusing', 'noted', 'noted'],
    ['unknown', 'noted', 'noted'],
    ['repeating', 'noted', 'noted'],
    ['undecided', 'noted', 'noted'],
    ['accepted', 'noted', 'refused'],
    ['disputed', 'noted', 'refused'],
    ['refused', 'refused', 'refused'],
    ['settled', 'refused', 'refused'],
    ['failed', 'refused', 'refused'],
  ])(
    'of one that is %s is %s, and %s where the venue cannot cancel',
    async (state, where, whereNot) => {
      for (const [cancellable, expected] of [[true, where] as const, [false, whereNot] as const]) {
        await given(cancellable);
        const id = await lead(state);
        const before = queue.publishedOf(id).length;

        await Promise.all([queue.cancel(id), queue.cancel(id)]);

        const { state: after, cancel_state: wish } = await queue.rowOf(id);
        const published = queue.publishedOf(id).slice(before);
        if (expected === 'withdrawn') expect([after, published[0]]).toEqual(['refused', CANCELLED]);
        if (expected === 'noted') expect([after, wish, published]).toEqual([state, 'wished', []]);
        if (expected === 'refused')
          expect([after, wish, new Set(published)]).toEqual([
            state,
            'refused',
            new Set(['cancel-refused']),
          ]);
        if (cancellable) await queue.close();
      }
    },
  );

  it.each([true, false])(
    'while its outcome is unknown: the proof of absence cancels it, nothing is sent again (cancellable: %s)',
    async (cancellable) => {
      await given(cancellable);
      const id = await order();
      await queue.outcome(await queue.claim('a'), UNKNOWN);

      await queue.cancel(id);
      await proveAbsent();

      expect(await queue.claim('a')).toEqual([]);
      expect(await queue.rowOf(id)).toMatchObject({
        state: 'refused',
        reason: 'cancelled',
        attempts: 1,
      });
      expect(queue.publishedOf(id)).toEqual(['submission-unknown', CANCELLED]);
    },
  );

  it('while it is sent again after proven absence: what was not sent then is cancelled', async () => {
    await given(false);
    const id = await order();
    await queue.outcome(await queue.claim('a'), UNKNOWN);
    await proveAbsent();
    const again = await queue.claim('a');

    await queue.cancel(id);
    await queue.outcome(again, NOT_SENT);
    expect(await queue.claim('b')).toEqual([]);
    await sweep();

    expect(await queue.rowOf(id)).toMatchObject({
      state: 'refused',
      reason: 'cancelled',
      attempts: 2,
    });
    expect(queue.publishedOf(id).at(-1)).toBe(CANCELLED);
  });

  it('while a person decides: absent means cancelled', async () => {
    await given(false);
    const id = await lead('undecided');
    await queue.cancel(id);

    const clock = {
      earliest: () => new Date(),
      latest: () => new Date(),
      unknownBecause: () => null,
      jumps: 0,
    };
    const proof = new VenueProof(
      { capabilities: queue.capabilities, list: () => Promise.reject(new Error('not asked')) },
      clock,
    );
    const approvals = testApprovals(queue.service);
    const { service, unitOfWork, events } = queue;
    const decisions = new Decisions(service, unitOfWork, events, proof, approvals);
    for (const name of ['R. Ortiz', 'L. Weber'])
      await decisions.decide(
        id,
        { decision: 'absent', evidence: 'ticket 1', venueReference: null },
        { kind: 'person', name, roles: ['approve'], client: 'sluice-cli' },
      );

    expect(await queue.rowOf(id)).toMatchObject({ state: 'refused', reason: 'cancelled' });
    expect(queue.publishedOf(id).at(-1)).toBe(CANCELLED);
  });

  it('races with the claim: it is withdrawn and never begun, or begun and noted', async () => {
    await given();
    const ends = new Set<string>();
    for (let round = 0; round < 25; round++) {
      const id = await order();
      const wish = () => queue.cancel(id);
      await Promise.all(
        round % 2 === 0
          ? [wish(), queue.claim('a'), queue.claim('b')]
          : [queue.claim('a'), queue.claim('b'), wish()],
      );
      const { state, cancel_state: cancel, attempts } = await queue.rowOf(id);
      ends.add([state, cancel, attempts, ...queue.publishedOf(id)].join(' '));
    }
    for (const end of ends) expect([`refused  0 ${CANCELLED}`, 'sending wished 1']).toContain(end);
  }, 30_000);

  it('races with the proof of absence and the next send: whichever is first, nothing is begun after the wish', async () => {
    await given(false);
    for (let round = 0; round < 20; round++) {
      const id = await order();
      await queue.outcome(await queue.claim('a'), UNKNOWN);
      await Promise.all(
        round % 2 === 0 ? [queue.cancel(id), proveAbsent()] : [proveAbsent(), queue.cancel(id)],
      );

      expect(await queue.claim('a')).toEqual([]);
      await sweep();

      expect(await queue.rowOf(id)).toMatchObject({
        state: 'refused',
        reason: 'cancelled',
        attempts: 1,
      });
      expect(queue.publishedOf(id).filter((type) => type === CANCELLED)).toHaveLength(1);
    }
  }, 30_000);

  it('races with the answer: accepted keeps the wish for the venue, not sent ends it', async () => {
    await given();
    for (let round = 0; round < 20; round++) {
      const id = await order();
      const claims = await queue.claim('a');
      const accepts = round % 2 === 0;
      const answer = () =>
        queue.outcome(
          claims,
          accepts
            ? { kind: 'accepted', venueReference: `v${round}`, evidence: NO_ANSWER }
            : NOT_SENT,
        );
      await Promise.all(
        round % 4 < 2 ? [answer(), queue.cancel(id)] : [queue.cancel(id), answer()],
      );
      await sweep();

      const row = await queue.rowOf(id);
      expect(row).toMatchObject(
        accepts
          ? { state: 'accepted', cancel_state: 'wished' }
          : { state: 'refused', reason: 'cancelled', attempts: 1 },
      );
    }
  }, 30_000);
});
