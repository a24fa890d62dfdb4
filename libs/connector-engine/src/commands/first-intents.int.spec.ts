import { randomUUIDv7 } from 'node:crypto';
import { openHalts } from '@sluice/service-shell';
import { eventually } from '@sluice/test-kit';
import { withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import { RatePlan } from '../rate/rate-plan.js';
import { NO_ANSWER, submitCommand, TestQueue } from '../testkit/given-queue.js';
import type { SubmitCommand } from './venue-command.js';

const WAITING_FOR_A_LOCK = `
  SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
const SOON = () => new Date(Date.now() + 60_000).toISOString();
const order = (change: Partial<SubmitCommand['data']> = {}) =>
  submitCommand(randomUUIDv7(), { notAfter: SOON(), ...change });

describe('an order stored with its first intent', () => {
  let postgres: TestPostgres;
  let queue: TestQueue;
  let isReadThrough: boolean;
  beforeAll(async () => (postgres = await withTestPostgres()));
  beforeEach(async () => {
    isReadThrough = true;
    queue = await TestQueue.start(postgres, {}, () => isReadThrough);
    queue.sentAtOnceBy = 'a';
  });
  afterEach(() => queue.close());
  afterAll(() => postgres.stop());

  const stateOf = async ({ data }: SubmitCommand) => {
    const { state, attempts } = await queue.rowOf(data.withdrawalId);
    return [state, attempts];
  };
  const sent = () => queue.sentAtOnce.map(({ withdrawalId }) => withdrawalId);
  const plan = () => new RatePlan(queue.service, { 'POST /pay': { limit: 1_000, perMs: 1 } });
  const change = (sql: string) => queue.database.query(sql);

  it('is sending with lease, seal, number and ceiling counted, in one transaction', async () => {
    const [first, second] = [order({ amount: '2' }), order({ amount: '3' })] as const;

    await queue.take(first, second);

    expect(sent()).toEqual([first.data.withdrawalId, second.data.withdrawalId]);
    const [row] = await queue.database.query(
      `SELECT s.state, s.lease_owner, s.lease_until > now() AS is_leased, a.intended_at = s.created_at AS is_at_once, a.lease_token = s.lease_token AS is_fenced,
              a.serial_number::int, a.number, a.gross::text, s.venue_time IS NOT NULL AS has_time, (SELECT last::int FROM sending) AS last,
              (SELECT sums -> s.asset ->> 'day_amount' FROM sending) AS today
         FROM submission s JOIN attempt a USING (withdrawal_id) WHERE withdrawal_id = $1`,
      [second.data.withdrawalId],
    );
    expect(row).toEqual({
      state: 'sending',
      lease_owner: 'a',
      is_leased: true,
      is_at_once: true,
      is_fenced: true,
      serial_number: 2,
      number: 1,
      gross: '3',
      has_time: true,
      last: 2,
      today: '5',
    });
    expect(await queue.claim('b')).toEqual([]);
  });

  it('takes its outcome by the fencing token; after its lease the sweep makes it unknown', async () => {
    const [answered, frozen] = [order(), order({ amount: '2' })] as const;
    await queue.take(answered, frozen);
    const [first, second] = queue.sentAtOnce;
    if (!first || !second) throw new Error('nothing was sent');
    await queue.outcome([first], {
      kind: 'accepted',
      venueReference: 'v1',
      evidence: NO_ANSWER,
    });
    await change(`UPDATE submission SET lease_until = now() WHERE state = 'sending'`);
    await queue.sweep();

    const late = { kind: 'accepted', venueReference: 'v2', evidence: NO_ANSWER } as const;
    expect(await queue.outcome([second], late)).toBe(1);
    expect(await stateOf(answered)).toEqual(['accepted', 1]);
    expect(await stateOf(frozen)).toEqual(['unknown', 1]);
  });

  it('begins one attempt, however often and by whomever it is taken', async () => {
    const same = order();

    await Promise.all([queue.take(same), queue.take(same), queue.take({ ...same })]);
    await queue.take({ ...same, id: randomUUIDv7() });

    expect(sent()).toEqual([same.data.withdrawalId]);
    expect(await stateOf(same)).toEqual(['sending', 1]);
    expect(
      await change(
        `SELECT sums -> 'USDT.ETH' ->> 'day_amount' AS day_amount, last::int FROM sending`,
      ),
    ).toEqual([{ day_amount: '1', last: 1 }]);
  });

  it('waits in the queue if another instance stores an order of its batch meanwhile: no number is missing', async () => {
    const [theirs, ours] = [order(), order({ amount: '2' })] as const;
    const { withdrawalId, clientReference, digest } = theirs.data;

    await queue.database.withClient(async (another) => {
      await another.query('BEGIN');
      await another.query(
        `INSERT INTO submission (withdrawal_id, account_id, form, asset, amount, destination, client_reference, state, next_action_at, digest, fee, key_id, order_mac, timed_receipt, unsent_seal)
         VALUES ($1, $1, 'none', 'USDT.ETH', 1, '{}', $2, 'prepared', now() + interval '1 hour', $3, 0, '', '', '', '')`,
        [withdrawalId, clientReference, digest],
      );
      const taken = queue.take(ours, theirs);
      await eventually(async () => expect(await change(WAITING_FOR_A_LOCK)).toHaveLength(1));
      await another.query('COMMIT');
      await taken;
    });

    expect(sent()).toEqual([]);
    expect(await stateOf(ours)).toEqual(['prepared', 0]);
    expect(await queue.claim('b')).toMatchObject([{ withdrawalId: ours.data.withdrawalId }]);
    expect(await change('SELECT serial_number::int FROM attempt')).toEqual([{ serial_number: 1 }]);
    expect(await change('SELECT last::int FROM sending')).toEqual([{ last: 1 }]);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['the venue is halted', () => halted('venue')],
    ['its asset is halted', () => halted('asset', 'USDT.ETH')],
    ['its key is halted', () => halted('key', 'ck_1')],
    [
      'no permit covers it',
      async () => {
        queue.permits = { parameter: null, fault: () => null };
        await Promise.resolve();
      },
    ],
    [
      'the hour is used up',
      () =>
        change(
          `UPDATE sending SET sums = jsonb_build_object('USDT.ETH', jsonb_build_object('hour', now(), 'hour_amount', 1000000000))`,
        ),
    ],
    [
      'the records of the venue are not read through',
      async () => {
        isReadThrough = false;
        await Promise.resolve();
      },
    ],
    [
      'its turn comes later',
      () => change(`UPDATE rate_slot SET next_free_at = now() + interval '10 seconds'`),
    ],
    [
      'its database went back',
      () =>
        change(
          `INSERT INTO heartbeat (alive_at, went_back_at, look_up_from) VALUES (now(), now() + interval '1 minute', now())`,
        ),
    ],
  ])('waits in the queue while %s', async (_cause, given) => {
    await given();
    const waiting = order();

    await queue.take(waiting);

    expect(await stateOf(waiting)).toEqual(['prepared', 0]);
    expect(sent()).toEqual([]);
  });

  it('waits for its deadline, its ceiling, its turn and its elders in the queue', async () => {
    const late = order({ notAfter: new Date(Date.now() - 1_000).toISOString() });
    const large = order({ amount: '100000000' });
    await queue.take(late, large);
    expect(await stateOf(late)).toEqual(['prepared', 0]);
    expect(await stateOf(large)).toEqual(['prepared', 0]);

    const after = order();
    await queue.take(after); // another order is due

    expect(await stateOf(after)).toEqual(['prepared', 0]);
    expect(sent()).toEqual([]);
  });

  it('takes no turn that begins later', async () => {
    const [before] = await change(
      `UPDATE rate_slot SET next_free_at = now() + interval '1 minute' RETURNING next_free_at`,
    );

    await queue.unitOfWork.run((tx) => plan().reserve('POST /pay', 1, tx, 59_000));
    await queue.take(order());

    expect(sent()).toEqual([]);
    expect(await change('SELECT next_free_at FROM rate_slot')).toEqual([before]);
    expect(
      await queue.unitOfWork.run((tx) => plan().reserve('POST /pay', 1, tx, 61_000)),
    ).toMatchObject({ count: 1 });
  });

  it('goes first by its order time if the venue has turns for some', async () => {
    await change(`UPDATE rate_slot SET interval_us = 60000000`);
    const at = (ago: number) => new Date(Date.now() - ago).toISOString();
    const [second, first] = [order({ orderedAt: at(1) }), order({ orderedAt: at(1_000) })] as const;

    await queue.take(second, first);

    expect(sent()).toEqual([first.data.withdrawalId]);
    expect(await stateOf(second)).toEqual(['prepared', 0]);
  });

  it('waits if its batch cancels it', async () => {
    const cancelled = order();
    const { withdrawalId } = cancelled.data;

    await queue.take(cancelled, {
      id: randomUUIDv7(),
      source: 'test',
      subject: withdrawalId,
      time: new Date().toISOString(),
      type: 'venue.cancel-withdrawal.v1',
      data: { withdrawalId, reason: 'requested by the customer' },
    });
    await queue.sweep();

    expect(await queue.rowOf(withdrawalId)).toMatchObject({ reason: 'cancelled', attempts: 0 });
    expect(sent()).toEqual([]);
  });

  it('is stored but not sent when an attempt was removed: the venue is halted', async () => {
    await queue.take(order());
    await change('ALTER TABLE submission DISABLE TRIGGER USER; DELETE FROM submission');
    const next = order({ amount: '2' });

    await queue.take(next);

    expect(await stateOf(next)).toEqual(['prepared', 0]);
    expect(sent()).toHaveLength(1);
    expect(await queue.halts.inForce()).toMatchObject([
      { reason: 'attempts_missing', subject: 'missing 1 to 1' },
    ]);
  });

  it('is stored but not sent when the counter of the attempts was put back', async () => {
    await queue.take(order());
    await change('UPDATE sending SET last = 0');
    const next = order({ amount: '2' });

    await queue.take(next);

    expect(await stateOf(next)).toEqual(['prepared', 0]);
    expect(sent()).toHaveLength(1);
  });

  function halted(scope: 'venue' | 'asset' | 'key', target?: string) {
    const halt = { reason: 'test', subject: 'test', details: 'test' };
    return queue.unitOfWork.run((tx) =>
      openHalts(tx, [target === undefined ? { ...halt } : { ...halt, scope, target }], 'connector'),
    );
  }
});
