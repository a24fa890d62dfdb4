import { type Halts } from '@sluice/service-shell';
import { withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import { MissingPayments } from '../record/read-records.js';
import { NO_ANSWER, TestQueue } from '../testkit/given-queue.js';
import type { Breaks } from './breaks.js';
import { openBreaks, type BreakToOpen } from './open-breaks.js';

const ORPHANS: readonly BreakToOpen[] = ['v1', 'v2'].map((subject) => ({
  kind: 'orphan',
  subject,
  haltSubject: 'v1',
  details: `nobody here has sent ${subject}`,
}));

describe('a break', () => {
  let postgres: TestPostgres;
  let queue: TestQueue;
  let breaks: Breaks;
  let halts: Halts;
  const errors: object[] = [];
  const logger = { error: (fields: object) => void errors.push(fields) };

  beforeAll(async () => (postgres = await withTestPostgres()));
  beforeEach(async () => {
    errors.length = 0;
    queue = await TestQueue.start(postgres);
    breaks = queue.breaks;
    halts = queue.halts;
  });
  afterEach(() => queue.close());
  afterAll(() => postgres.stop());

  const open = (...found: readonly BreakToOpen[]) =>
    queue.unitOfWork.run((tx) => openBreaks(tx, logger, found));

  it('stops the venue and says so, once for each kind and subject', async () => {
    await queue.submit(null);

    await open(...ORPHANS);
    await open(...ORPHANS);

    expect(await breaks.list()).toMatchObject([{ subject: 'v2' }, { subject: 'v1' }]);
    expect(await halts.inForce()).toMatchObject([
      { scope: 'venue', reason: 'orphan', subject: 'v1', openedBy: 'connector' },
    ]);
    expect(errors).toHaveLength(2);
    expect(await queue.claim('a')).toEqual([]);
  });

  it('names the payment that it is about: of an order that was sent, or of an unclaimed record', async () => {
    const [withdrawalId = ''] = await queue.submit(null);
    await queue.database.query(
      `INSERT INTO unclaimed_record (venue_reference, form, equality_keys, amount_key, destination, gross, venue_status, created_at)
       VALUES ('v1', 'pay', ARRAY['USDT 5.25 address:0xabc:'], 'USDT 5.25', 'address:0xabc:', '5.3', 'DONE', now())`,
    );
    const sent = {
      kind: 'other_amount',
      subject: withdrawalId,
      withdrawalId,
      details: 'less',
    } as const;
    await open(...ORPHANS, sent);

    const listed = await breaks.list();
    const payments = await breaks.paymentsOf(listed);
    const paymentOf = (subject: string) =>
      payments.get(listed.find((one) => one.subject === subject)?.id ?? '');
    expect(paymentOf('v1')).toEqual({ asset: 'USDT', amount: '5.25', recipient: 'address:0xabc:' });
    expect(paymentOf('v2')).toBeUndefined();
    expect(paymentOf(withdrawalId)).toEqual({
      asset: 'USDT.ETH',
      amount: '1',
      recipient: 'venue_account:uid::7',
    });
  });

  it('may stop an asset alone', async () => {
    await open({ kind: 'ceiling', subject: 'day', asset: 'USDT.ETH', details: 'enough' });

    expect(await halts.inForce()).toMatchObject([{ scope: 'asset', target: 'USDT.ETH' }]);
  });

  it('is closed once, by a person with evidence, and does not come back; its halt is lifted apart', async () => {
    await open(...ORPHANS);
    const [{ id } = { id: '' }] = await breaks.list();

    expect(await breaks.close(id, 'R. Ortiz', 'ticket 1')).toMatchObject({ ok: true });
    expect(await breaks.close(id, 'A', 'b')).toMatchObject({
      refusal: { kind: 'closed_already', closed: { closedBy: 'R. Ortiz' } },
    });
    expect(await breaks.close('99', 'A', 'b')).toMatchObject({
      refusal: { kind: 'no_such_break' },
    });
    await open(...ORPHANS);
    expect((await breaks.list()).filter(({ closedAt }) => closedAt === null)).toHaveLength(1);
    expect(await halts.inForce()).toHaveLength(1);
  });

  it('is not opened when people lift its halt during the same transaction', async () => {
    await open(...ORPHANS.slice(0, 1));
    const lift = () =>
      queue.database.query(
        `UPDATE halt SET lifted_at = clock_timestamp(), lifted_by = 'A', lift_approved_by = 'B', lift_evidence = 'c'`,
      );

    await queue.unitOfWork.run(async (tx) => {
      const query: typeof tx.query = async (sql, parameters) => {
        if (sql.includes('INSERT INTO break')) await lift();
        return tx.query(sql, parameters);
      };
      await openBreaks(Object.assign(Object.create(tx), { query }), logger, ORPHANS.slice(1));
    });

    expect((await breaks.list()).map(({ subject }) => subject)).toEqual(['v1']);
  });

  it('is opened for what has settled here and is not in the record of the venue', async () => {
    await queue.submit(null, null);
    const claims = await queue.claim('a');
    for (const [n, claim] of claims.entries())
      await queue.outcome([claim], {
        kind: 'accepted',
        venueReference: `v${n}`,
        evidence: NO_ANSWER,
      });
    await queue.database.query(
      `UPDATE submission SET state = 'settled', next_action_at = NULL, finished_at = now() - interval '5 seconds'`,
    );
    const missing = new MissingPayments(queue.unitOfWork, logger);
    const [from, to] = [new Date(Date.now() - 60_000), new Date(Date.now() + 180_000)];
    const read = { forms: ['pay'], from, to };

    await missing.find({ ...read, references: new Set(['v0', 'v1']) });
    await missing.find({ ...read, forms: ['other'], references: new Set() });
    await missing.find({ ...read, to: new Date(), references: new Set() }); // may still appear
    expect(await breaks.list()).toEqual([]);

    await missing.find({ ...read, references: new Set(['v0']) });
    expect(await breaks.list()).toMatchObject([
      { kind: 'missing', withdrawalId: claims[1]?.withdrawalId },
    ]);
  });
});
