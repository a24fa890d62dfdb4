import { setTimeout as sleep } from 'node:timers/promises';
import { checkInvariants } from '@sluice/postgres';
import { withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import { NOT_SENT, TestQueue, NO_ANSWER, OPEN_GATE } from '../testkit/given-queue.js';
import { UnknownSubmissions } from '../unknown/unknown-submissions.js';
import { ANY_ORDER } from '../testkit/given-tables.js';

const EXPIRED = ['submission-refused: expired'];

let postgres: TestPostgres;
let queue: TestQueue;

beforeAll(async () => void (postgres = await withTestPostgres()));
beforeEach(async () => void (queue = await TestQueue.start(postgres)));
afterEach(async () => {
  const { violations } = await checkInvariants(
    queue.service,
    new URL('../postgres/invariants/', import.meta.url),
  );
  expect(violations.filter(({ invariant }) => !invariant.startsWith('outbox-drains'))).toEqual([]);
  await queue.close();
});
afterAll(() => postgres.stop());

const inMs = (ms: number): Date => new Date(Date.now() + ms);
const pass = (id: string) =>
  queue.database.query(
    `UPDATE submission SET not_after = clock_timestamp() WHERE withdrawal_id = $1`,
    [id],
  );
const sweep = () => queue.sweep();

/** The records were searched and have nothing, long after it could still appear. */
async function proveAbsent(): Promise<void> {
  await queue.database.query(
    `UPDATE submission SET next_action_at = clock_timestamp() WHERE state = 'unknown'`,
  );
  const unknowns = new UnknownSubmissions(
    queue.unitOfWork,
    queue.capabilities,
    queue.events,
    ANY_ORDER,
    OPEN_GATE,
  );
  const due = await unknowns.due(queue.form, 100);
  await unknowns.apply(
    due.map((submission) => ({ submission, resolution: { kind: 'absent' }, possibleRecords: [] })),
  );
}

describe('the time that a submission has to begin', () => {
  it('over: no instance can claim it, and it is refused as expired once, with no attempt', async () => {
    const [id = ''] = await queue.submit(inMs(-1));

    expect([...(await queue.claim('a')), ...(await queue.claim('b'))]).toEqual([]);
    await Promise.all([sweep(), sweep()]);
    await sweep();

    expect(await queue.rowOf(id)).toMatchObject({
      state: 'refused',
      reason: 'expired',
      attempts: 0,
    });
    expect(queue.publishedOf(id)).toEqual(EXPIRED);
  });

  it('races with the claims of two instances: each submission is begun in time or expired, never both', async () => {
    const ids = await queue.submit(...Array.from({ length: 240 }, (_, n) => inMs(40 + 8 * n)));
    const sweeping = (async () => {
      for (let round = 0; round < 60; round++) await sweep();
    })();
    const claiming = ['a', 'b'].map(async (owner) => {
      for (let round = 0; round < 12; round++) {
        const claims = await queue.claim(owner, 60_000);
        await queue.outcome(claims.slice(0, 1), {
          kind: 'accepted',
          venueReference: `${owner}${round}`,
          evidence: NO_ANSWER,
        });
        await queue.outcome(claims.slice(1), NOT_SENT);
        await sleep(10);
      }
    });
    await Promise.all([...claiming, sweeping]);
    await sleep(2_000); // the last deadline
    await sweep();

    const rows = await Promise.all(
      ids.map(async (id) => ({
        ...(await queue.rowOf(id)),
        published: queue.publishedOf(id).filter((type) => type !== 'submission-scheduled'),
      })),
    );
    expect(rows.filter(({ state }) => state === 'prepared')).toEqual([]);
    for (const { state, published } of rows)
      if (state === 'refused') expect(published).toEqual(EXPIRED);
    for (const { state, published } of rows)
      if (state !== 'refused')
        expect(published.filter((type) => type.includes('refused'))).toEqual([]);
    const late = await queue.database.query(
      'SELECT FROM attempt a JOIN submission s USING (withdrawal_id) WHERE a.intended_at > s.not_after',
    );
    expect(late).toEqual([]);
    expect(
      rows.some(({ state }) => state === 'refused') && rows.some(({ attempts }) => attempts > 0),
    ).toBe(true);
  }, 60_000);

  it('says in a claim how long its first byte may still wait', async () => {
    await queue.submit(inMs(5_000), inMs(60_000));

    const [hurried, patient] = await queue.claim('a');

    expect(hurried?.leftMs).toBeLessThanOrEqual(5_000);
    expect(hurried?.leftMs).toBeGreaterThan(3_000);
    expect(patient?.leftMs).toBeGreaterThan(50_000);
  });

  it.each(['sending', 'unknown'])('is no matter any more once it is %s', async (state) => {
    const [id = ''] = await queue.submit(inMs(60_000));
    const claims = await queue.claim('a');
    if (state === 'unknown')
      await queue.outcome(claims, { kind: 'unknown', cause: 'time-out', evidence: NO_ANSWER });
    await pass(id);

    await sweep();

    expect(await queue.rowOf(id)).toMatchObject({ state, reason: null });
    expect(queue.publishedOf(id).filter((type) => type.includes('refused'))).toEqual([]);
    if (state === 'sending') {
      expect(
        await queue.outcome(claims, {
          kind: 'accepted',
          venueReference: 'v1',
          evidence: NO_ANSWER,
        }),
      ).toBe(0);
      expect(await queue.rowOf(id)).toMatchObject({ state: 'accepted' });
    }
  });

  it('passed after an attempt that was not sent: nothing else is tried', async () => {
    const [id = ''] = await queue.submit(inMs(60_000));
    await queue.outcome(await queue.claim('a'), NOT_SENT);
    await pass(id);

    expect(await queue.claim('b')).toEqual([]);
    await sweep();

    expect(await queue.rowOf(id)).toMatchObject({
      state: 'refused',
      reason: 'expired',
      attempts: 1,
    });
    expect(queue.publishedOf(id)).toEqual(EXPIRED);
  });

  it('passed while its outcome was unknown: the proof of absence ends it, it is not sent again', async () => {
    const [id = ''] = await queue.submit(inMs(60_000));
    await queue.outcome(await queue.claim('a'), {
      kind: 'unknown',
      cause: 'time-out',
      evidence: NO_ANSWER,
    });
    await pass(id);

    await proveAbsent();

    expect(await queue.rowOf(id)).toMatchObject({
      state: 'refused',
      reason: 'expired',
      attempts: 1,
    });
    expect(queue.publishedOf(id)).toEqual(['submission-unknown', ...EXPIRED]);
  });

  it('passed between the proof of absence and the next send: that send never begins', async () => {
    const [id = ''] = await queue.submit(inMs(60_000));
    await queue.outcome(await queue.claim('a'), {
      kind: 'unknown',
      cause: 'time-out',
      evidence: NO_ANSWER,
    });
    await proveAbsent();
    expect(await queue.rowOf(id)).toMatchObject({ state: 'prepared' });
    await pass(id);

    expect(await queue.claim('a')).toEqual([]);
    await sweep();

    expect(await queue.rowOf(id)).toMatchObject({
      state: 'refused',
      reason: 'expired',
      attempts: 1,
    });
  });
});
