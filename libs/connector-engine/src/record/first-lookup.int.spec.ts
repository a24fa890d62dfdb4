import { randomUUIDv7 } from 'node:crypto';
import { withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import { NOT_SENT, submitCommand, TestQueue } from '../testkit/given-queue.js';

const REFERENCE = 'c4fX2bQ9kLm0ZtR7sVw3Yp81';

describe('an order that may have been paid already', () => {
  let postgres: TestPostgres;
  let queue: TestQueue;
  let isReadThrough = true;
  beforeAll(async () => void (postgres = await withTestPostgres()));
  beforeEach(async () => {
    isReadThrough = true;
    queue = await TestQueue.start(postgres, {}, () => isReadThrough);
  });
  afterEach(() => queue.close());
  afterAll(() => postgres.stop());

  const secondsAgo = (seconds: number) => new Date(Date.now() - seconds * 1_000).toISOString();
  const ordered = async (change: Parameters<typeof submitCommand>[1] = {}): Promise<string> => {
    const id = randomUUIDv7();
    await queue.take(submitCommand(id, change));
    return id;
  };
  const claimed = async (): Promise<string[]> =>
    (await queue.claim('a')).map(({ withdrawalId }) => withdrawalId);
  const unclaimedRecordAppears = (clientReference: string) =>
    queue.database.query(
      `INSERT INTO unclaimed_record (venue_reference, form, client_reference, equality_keys, amount_key, destination, gross, venue_status, created_at)
       VALUES ('v1', 'pay', $1, ARRAY['USDT 1 7'], 'USDT 1', '7', '1', 'DONE', now())`,
      [clientReference],
    );

  it('because it was ordered more than a minute ago, is looked up before it is sent; a new one is not', async () => {
    await ordered({ orderedAt: secondsAgo(62) });
    const fresh = await ordered({ orderedAt: secondsAgo(1) });

    expect(await claimed()).toEqual([fresh]);
  });

  it('because the record of the venue was not read through when it came, is looked up, also when it is read through by then', async () => {
    isReadThrough = false;
    await ordered();
    isReadThrough = true;
    const later = await ordered();

    expect(await claimed()).toEqual([later]);
  });

  it.each([
    ['came after it', false],
    ['was waiting when it appeared', true],
  ])(
    'because a payment that nobody here has sent carries its reference, is looked up when it %s',
    async (_when, isWaiting) => {
      if (isWaiting) await ordered({ clientReference: REFERENCE });
      await unclaimedRecordAppears(REFERENCE);
      if (!isWaiting) await ordered({ clientReference: REFERENCE });
      const other = await ordered();

      expect(await claimed()).toEqual([other]);
    },
  );

  /** Sent once, and answered as too fast. */
  const sentTooFast = async (notAfter: Date | null = null): Promise<string> => {
    const id = await ordered({ notAfter: notAfter?.toISOString() ?? null });
    await queue.outcome(await queue.claim('a'), {
      ...NOT_SENT,
      evidence: { status: 429, body: 'too fast' },
    });
    return id;
  };

  it('because the venue answered that it was too fast, is looked up before it is sent again; one that never reached the venue is not', async () => {
    await sentTooFast();
    const unreached = await ordered();
    await queue.outcome(await queue.claim('a'), NOT_SENT);

    expect(await claimed()).toEqual([unreached]);
  });

  it.each([
    ['without a key of ours', 'none', 429, 35_000],
    ['where a key can only be searched for', 'search', 429, 35_000],
    ['where a repeated key gets the first payment', 'replay', 429, 1_000],
    ['that never reached it', 'none', null, 1_000],
  ] as const)(
    'after an answer of the venue waits for what it may list late: %s',
    async (_what, recovery, status, waitsMs) => {
      await queue.close();
      queue = await TestQueue.start(postgres, { recovery });
      await ordered();
      const answer = { ...NOT_SENT, retryAfterMs: 1_000, evidence: { status, body: '' } };
      await queue.outcome(await queue.claim('a'), answer, 35_000);

      const [row] = await queue.database.query<{ ms: number }>(
        'SELECT (extract(epoch FROM next_action_at - answered_at) * 1000)::float8 AS ms FROM submission',
      );
      expect(Math.abs((row?.ms ?? 0) - waitsMs)).toBeLessThan(waitsMs / 5 + 500);
    },
  );

  it('because the venue answered that it was too fast, does not end at its deadline', async () => {
    const inAnHour = new Date(Date.now() + 3_600_000);
    const id = await sentTooFast(inAnHour);
    const unsent = await ordered({ notAfter: inAnHour.toISOString() });
    await queue.database.query('UPDATE submission SET not_after = clock_timestamp()');
    await queue.sweep();

    expect((await queue.rowOf(unsent)).state).toBe('refused');
    expect((await queue.rowOf(id)).state).toBe('prepared');
  });

  it('lets no equal one be sent meanwhile, where the venue knows no key of ours', async () => {
    await queue.close();
    queue = await TestQueue.start(postgres, { recovery: 'none' });
    await sentTooFast();
    await ordered();
    const other = await ordered({ amount: '2' });

    expect(await claimed()).toEqual([other]);
  });

  it('is claimed by no instance that saw it before it was known', async () => {
    await ordered({ clientReference: REFERENCE });
    const due = await queue.instance('a').peek(queue.form, 10);
    await unclaimedRecordAppears(REFERENCE);

    const ready = due.map((order) => ({
      order,
      request: { form: queue.form.form, body: '{}', gross: order.amount, evidence: {} },
    }));
    expect(due).toHaveLength(1);
    expect(await queue.instance('a').claim(ready, 60_000, new Date())).toEqual([]);
  });
});
