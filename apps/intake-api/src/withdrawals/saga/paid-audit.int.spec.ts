import { randomUUID, randomUUIDv7 } from 'node:crypto';
import { connectorOf, NO_WITHDRAWAL } from '@sluice/messages';
import { checkInvariants } from '@sluice/postgres';
import { createLogger } from '@sluice/service-shell';
import { anOrder } from '../../testkit/a-withdrawal.js';
import { published, type TestInstance } from '../../testkit/given-intake.js';
import { givenIntake, placeOrder } from '../../testkit/given-saga.js';
import { PaidAudit, type PaidEvent } from './venue-audit.js';

const NOW = Date.now();
const OWN_TABLES = ['venue_paid', 'venue_report', 'withdrawal_case', 'halt', 'outbox'];
const INVARIANTS = new URL('../../postgres/invariants/', import.meta.url);

describe('what was paid, compared with what was booked as paid', () => {
  let intake: TestInstance;
  let audit: PaidAudit;
  let accountId: string;
  beforeAll(async () => {
    ({ intake, accountId } = await givenIntake());
    audit = new PaidAudit(intake.unitOfWork, createLogger('test', 'silent'));
  });
  beforeEach(async () => {
    for (const table of [...OWN_TABLES, 'withdrawal'])
      await intake.database.query(`DELETE FROM ${table}`);
  });
  afterAll(() => intake.close());

  const minutesAgo = (minutes: number) => new Date(NOW - minutes * 60_000).toISOString();

  /** As if the saga, or somebody else, had brought it to this state ten minutes ago. */
  async function given(state: string): Promise<string> {
    const { stored } = await placeOrder(intake, anOrder({ accountId }));
    const { id } = stored.withdrawal.order;
    await intake.database.query(
      `UPDATE withdrawal SET state = $2, confirmed_at = now() - interval '10 minutes' WHERE id = $1`,
      [id, state],
    );
    return id;
  }
  function paidEvent(
    withdrawalIds: readonly string[],
    from: string,
    to: string,
    venue = 'gateio',
  ): PaidEvent {
    return {
      id: randomUUID(),
      source: connectorOf(venue),
      subject: NO_WITHDRAWAL,
      time: to,
      type: 'venue.paid.v1',
      data: { withdrawalId: NO_WITHDRAWAL, venue, withdrawalIds, from, to },
    };
  }
  const report = (...event: Parameters<typeof paidEvent>) => audit.take([paidEvent(...event)]);
  const asked = async () =>
    (await published(intake.database))
      .filter(({ type }) => type === 'venue.report-again.v1')
      .map(({ topic, data }) => [topic, Date.parse(String(data['since']))]);
  const bookedAndNotPaid = async () =>
    (await checkInvariants(intake.service, INVARIANTS)).violations
      .filter(({ invariant }) => invariant.startsWith('booked-as-paid-was-paid'))
      .flatMap(({ rows }) => rows.map((row) => (row as { id: string }).id));

  it('finds what is booked as paid and was never paid, once its time is reported on', async () => {
    const [paid, forged] = [await given('completed'), await given('capturing')];
    await report([paid], minutesAgo(60), minutesAgo(9.8));
    expect(await bookedAndNotPaid()).toEqual([]);
    await report([], minutesAgo(9.8), minutesAgo(1));

    expect(await bookedAndNotPaid()).toEqual([forged]);
    await report([forged], minutesAgo(1), minutesAgo(0));
    expect(await bookedAndNotPaid()).toEqual([]);
  });

  it('keeps every report that comes in one batch', async () => {
    const ids = [await given('completed'), await given('completed'), await given('failed')];
    const [one = '', two = '', givenUp = ''] = ids;

    await audit.take([
      paidEvent([one], minutesAgo(60), minutesAgo(3)),
      paidEvent([two], minutesAgo(3), minutesAgo(2)),
      paidEvent([givenUp], minutesAgo(2), minutesAgo(1)),
    ]);

    expect(await bookedAndNotPaid()).toEqual([]);
    expect(await asked()).toEqual([]);
    expect(await intake.database.query('SELECT withdrawal_id FROM withdrawal_case')).toEqual([
      { withdrawal_id: givenUp },
    ]);
  });

  it('accepts a payment under its reference that the connector has lost with its database, at its venue alone', async () => {
    const id = await given('completed');
    await report([], minutesAgo(60), minutesAgo(1));
    const lost = (venue: string, record = 'r') =>
      intake.database.query(
        `INSERT INTO venue_payment (venue, record, client_reference, made_at) SELECT $2, $3, venue_client_reference, requested_at FROM withdrawal WHERE id = $1`,
        [id, venue, record],
      );

    await lost('bybit');
    expect(await bookedAndNotPaid()).toEqual([expect.stringContaining(id)]);
    await lost('gateio', randomUUIDv7()); // a submission whose outcome is not known
    expect(await bookedAndNotPaid()).toEqual([expect.stringContaining(id)]);
    await lost('gateio');
    expect(await bookedAndNotPaid()).toEqual([]);
  });

  it('accepts a lost payment to an account that the venue also lists as an address, with its amount alone', async () => {
    const id = await given('completed');
    await intake.database.query(
      `UPDATE withdrawal SET requested_at = confirmed_at, destination = '{"type":"venue_account","kind":"cid","value":"646595890"}' WHERE id = $1`,
      [id],
    );
    await report([], minutesAgo(60), minutesAgo(1));
    const lost = (record: string, amount: string) =>
      intake.database.query(
        `INSERT INTO venue_payment (venue, record, payment_key, made_at)
         SELECT 'gateio', $2, currency || ' ' || trim_scale(amount + $3) || ' address:646595890:', confirmed_at FROM withdrawal WHERE id = $1`,
        [id, record, amount],
      );

    await lost('other', '1');
    expect(await bookedAndNotPaid()).toEqual([id]);
    await lost('same', '0');
    expect(await bookedAndNotPaid()).toEqual([]);
  });

  it('believes no other venue than the one that it was ordered from', async () => {
    const id = await given('completed');
    await report([], minutesAgo(60), minutesAgo(1));
    await report([id], minutesAgo(60), minutesAgo(1), 'bybit');

    expect(await bookedAndNotPaid()).toEqual([id]);
  });

  it.each(['releasing', 'failed', 'cancelled', 'rejected'])(
    'opens a case and halts the venue for what was paid and is %s here, once',
    async (state) => {
      const id = await given(state);
      for (let time = 0; time < 2; time++) await report([id], minutesAgo(60), minutesAgo(1));

      expect(
        await intake.database.query('SELECT withdrawal_id, trigger FROM withdrawal_case'),
      ).toEqual([{ withdrawal_id: id, trigger: 'paid_not_completed' }]);
      expect(await intake.database.query('SELECT scope, target, reason FROM halt')).toEqual([
        { scope: 'venue', target: 'gateio', reason: 'paid_not_completed' },
      ]);
    },
  );

  it('finds nothing in what is under way, or is not on record after a restore', async () => {
    await report([await given('submitted'), randomUUIDv7()], minutesAgo(60), minutesAgo(1));
    expect(await intake.database.query('SELECT FROM withdrawal_case')).toEqual([]);
  });

  it('asks for reports that were lost, and counts none behind a gap until they came', async () => {
    const forged = await given('completed');
    const [start, lost, later] = [minutesAgo(60), minutesAgo(30), minutesAgo(20)];
    await report([], start, lost);
    await report([], later, minutesAgo(1));

    expect(await asked()).toEqual([['venue.gateio.commands', Date.parse(lost)]]);
    expect(await bookedAndNotPaid()).toEqual([]);

    await report([], lost, minutesAgo(1));
    expect(await bookedAndNotPaid()).toEqual([forged]);
    expect(await asked()).toHaveLength(1);
  });
});
