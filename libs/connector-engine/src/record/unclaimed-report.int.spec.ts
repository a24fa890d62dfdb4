import { randomUUID, randomUUIDv7 } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicMs } from '@sluice/runtime';
import { withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import { NO_ANSWER, submitCommand, TestQueue } from '../testkit/given-queue.js';
import { KEEP_UNKNOWN } from './record-sql.js';
import { UnclaimedReport } from './unclaimed-report.js';

const OF_CLIENT = 'c4fX2bQ9kLm0ZtR7sVw3Yp81';
const OTHER_OF_CLIENT = 'c18pY3wVs7RtZ0mLk9Qb2Xf4';
const OF_WITHDRAWAL = 'w4fX2bQ9kLm0ZtR7sVw3Yp81';
const TO_UID = 'USDT 1 venue_account:uid::7';
const TO_ADDRESS = 'USDT 1 address:0xabc:';

describe('payments in the record of a venue that no submission has', () => {
  let postgres: TestPostgres;
  let queue: TestQueue;
  let unclaimed: UnclaimedReport;
  beforeAll(async () => void (postgres = await withTestPostgres()));
  beforeEach(async () => {
    queue = await TestQueue.start(postgres);
    unclaimed = reportOf(0);
  });
  afterEach(() => queue.close());
  afterAll(() => postgres.stop());

  const reportOf = (refusalLookupAfterMs: number) =>
    new UnclaimedReport(queue.unitOfWork, queue.events, { refusalLookupAfterMs });
  const appears = (reference: string, key: string, clientReference: string | null = null) =>
    queue.database.query(
      `INSERT INTO unclaimed_record (venue_reference, form, client_reference, equality_keys, amount_key, destination, gross, venue_status, created_at)
       VALUES ($1, 'pay', $3, ARRAY['USDT 1 ?phone', $2], 'USDT 1', '7', '1', 'DONE', '2026-11-23T12:00:00Z')`,
      [reference, key, clientReference],
    );
  const close = () =>
    queue.database.query(`UPDATE unclaimed_record SET closed_at = now(), closed_because = 'seen'`);
  /** What was reported since the last look: each payment, and each answer to a question. */
  const reported = async (readFrom = monotonicMs()): Promise<unknown[]> => {
    const before = queue.messages.length;
    await unclaimed.report(readFrom);
    return queue.messages
      .slice(before)
      .filter(({ type }) => type === 'unclaimed')
      .flatMap(({ data }) => [
        ...(data['unclaimed'] as object[]),
        ...(data['life'] === undefined ? [] : [data['life']]),
      ]);
  };
  const OPEN = {
    record: 'v1',
    clientReference: null,
    payment: TO_ADDRESS,
    madeAt: '2026-11-23T12:00:00.000Z',
    closed: false,
  };

  it('are reported once with what identifies them, and once more when they are closed', async () => {
    await appears('v1', TO_ADDRESS);
    expect(await reported()).toEqual([OPEN]);
    expect(await reported()).toEqual([]);

    await close();
    expect(await reported()).toEqual([{ ...OPEN, closed: true }]);
    expect(await reported()).toEqual([]);
  });

  it('that read otherwise once their fee is listed are reported anew, with each reading', async () => {
    const key = (equality_key: string) =>
      queue.database.query(KEEP_UNKNOWN, [
        JSON.stringify([
          {
            venue_reference: 'v1',
            form: 'pay',
            equality_key,
            amount_key: 'USDT 1',
            destination: '7',
            gross: '1',
            venue_status: 'DONE',
            created_at: '2026-11-23T12:00:00Z',
          },
        ]),
      ]);
    const gross = 'USDT 2 address:0xabc:';
    await key(gross);
    expect(await reported()).toEqual([{ ...OPEN, payment: gross }]);

    await key(TO_ADDRESS);
    const both = [
      { ...OPEN, payment: gross },
      { ...OPEN, record: 'v1 reading 2', payment: TO_ADDRESS },
    ];
    expect(await reported()).toEqual(both);
    await key(TO_ADDRESS);
    expect(await reported()).toEqual([]);

    await close();
    expect(await reported()).toEqual(both.map((one) => ({ ...one, closed: true })));
  });

  it('are compared elsewhere by their reference alone when an account of this venue was paid', async () => {
    await appears('v1', TO_UID, OF_CLIENT);
    expect(await reported()).toEqual([{ ...OPEN, clientReference: OF_CLIENT, payment: null }]);
  });

  it('are reported anew for a question, after a reading that began when the listing could not lag any more', async () => {
    await appears('v1', TO_ADDRESS);
    await reported();
    unclaimed = reportOf(50);
    const [life, since] = [randomUUID(), '2026-11-23T11:00:00.000Z'];
    unclaimed.ask([{ life, since }]);

    expect(await reported()).toEqual([]);
    expect(unclaimed.dueInMs()).toBeGreaterThan(0);
    await sleep(60);
    expect(await reported()).toEqual([OPEN, life]);
    expect(unclaimed.dueInMs()).toBe(Infinity);
    unclaimed.ask([{ life, since }]); // the answer was lost
    expect(await reported()).toEqual([OPEN, life]);
  });

  it('and submissions that may have been paid and that a client may repeat are part of the answer', async () => {
    const [id, other, waiting] = [randomUUIDv7(), randomUUIDv7(), randomUUIDv7()];
    await queue.take(submitCommand(id, { clientReference: OF_CLIENT, amount: '1' }));
    await queue.take(submitCommand(other, { clientReference: OF_WITHDRAWAL, amount: '2' }));
    for (const claim of await queue.claim('a')) {
      const venueReference = claim.withdrawalId === id ? 'v9' : 'v8';
      await queue.outcome([claim], { kind: 'accepted', venueReference, evidence: NO_ANSWER });
    }
    await queue.take(submitCommand(waiting, { clientReference: OTHER_OF_CLIENT, amount: '3' }));
    const life = randomUUID();

    unclaimed.ask([{ life, since: new Date(Date.now() - 60_000).toISOString() }]);

    expect(await reported()).toMatchObject([
      { record: 'v9', clientReference: OF_CLIENT, payment: null, withdrawalId: id, closed: false },
      life,
    ]);
  });

  it.each([
    ['carries no reference', null, OF_CLIENT, true],
    ['was made of a withdrawal', 'w18pY3wVs7RtZ0mLk9Qb2Xf4', OF_WITHDRAWAL, true],
    ['was asked for under another reference of a client', OTHER_OF_CLIENT, OF_CLIENT, false],
    ['was asked for by a client, and the order without one', OTHER_OF_CLIENT, OF_WITHDRAWAL, true],
  ])(
    'where records carry our reference, an equal order waits for its look-up while the payment %s',
    async (_what, recorded, clientReference, waits) => {
      await appears('v1', TO_UID, recorded);
      const id = randomUUIDv7();
      await queue.take(submitCommand(id, { clientReference }));

      const claimed = (await queue.claim('a')).map(({ withdrawalId }) => withdrawalId);
      expect(claimed).toEqual(waits ? [] : [id]);
    },
  );
});

describe('an order that intake-api takes back', () => {
  let postgres: TestPostgres;
  let queue: TestQueue;
  beforeAll(async () => void (postgres = await withTestPostgres()));
  beforeEach(async () => void (queue = await TestQueue.start(postgres)));
  afterEach(() => queue.close());
  afterAll(() => postgres.stop());

  const ago = () => new Date(Date.now() - 1_000).toISOString();

  it('ends at once with the proof that nothing moved, whether it has come before or not', async () => {
    const [known, fresh] = [randomUUIDv7(), randomUUIDv7()];
    await queue.take(submitCommand(known));
    await queue.take(
      submitCommand(known, { notAfter: ago() }),
      submitCommand(fresh, { notAfter: ago() }),
    );

    expect(await queue.claim('a')).toEqual([]);
    await queue.sweep();

    for (const id of [known, fresh])
      expect(queue.publishedOf(id)).toEqual(['submission-refused: expired']);
  });

  it('keeps its earlier deadline, and is left alone once it was sent', async () => {
    const [early, sent] = [randomUUIDv7(), randomUUIDv7()];
    await queue.take(submitCommand(sent));
    expect(await queue.claim('a')).toHaveLength(1);
    await queue.take(submitCommand(early, { notAfter: ago() }));

    await queue.take(
      submitCommand(early, { notAfter: new Date(Date.now() + 60_000).toISOString() }),
    );
    await queue.take(submitCommand(sent, { notAfter: ago() }));
    await queue.sweep();

    expect(queue.publishedOf(early)).toEqual(['submission-refused: expired']);
    expect((await queue.rowOf(sent)).state).toBe('sending');
  });
});
