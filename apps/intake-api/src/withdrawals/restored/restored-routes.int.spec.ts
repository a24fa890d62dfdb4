import { randomUUID } from 'node:crypto';
import { connectorOf, NO_WITHDRAWAL, type VenuePayment } from '@sluice/messages';
import { createLogger, Health, type Platform } from '@sluice/service-shell';
import { isInfrastructureFault } from '@sluice/postgres';
import { requestCancel, type Order } from '@sluice/withdrawal-core';
import { givenIntake, givenSaga, placeOrder } from '../../testkit/given-saga.js';
import { ADDRESS, anOrder, AUTHORITY, REFERENCES, TO_GATEIO } from '../../testkit/a-withdrawal.js';
import { published, type TestInstance } from '../../testkit/given-intake.js';
import { A_MAC, anEvent, holdAssigned } from '../../testkit/inbound-events.js';
import { saveCancelRequests } from '../../rows/withdrawal-writes.js';
import { WithdrawalIntake } from '../requests/place-withdrawal.js';
import { Recovery } from '../recovery/recovery.js';
import type { InboundEvent } from '../saga/inbound-event.js';
import { type Saga } from '../saga/saga.js';
import { findByIds, lockWithdrawals } from '../../rows/withdrawal-store.js';
import { eventOf } from '../../testkit/published-events.js';
import { EndedBefore } from './ended-before.js';
import { KeepUnclaimed, RestoreGuard } from './restore-guard.js';
import type { PublishedEnds } from './published-position.js';

const QUIET = createLogger('test', 'silent');
type PublishedEvent = ReturnType<typeof eventOf>;
const SAME_PAYMENT = `USDT 5 address:${ADDRESS.toLowerCase()}:`;

describe('orders after a restore, on a route of Gate.io and Bybit', () => {
  let intake: TestInstance;
  let accountId: string;
  let guard: RestoreGuard;
  let saga: Saga;
  let keep: KeepUnclaimed;
  let ends: PublishedEnds;
  let later: number | null;
  let publishedAt: Date;
  beforeEach(async () => {
    ({ intake, accountId } = await givenIntake());
    await intake.database.query(
      `INSERT INTO route (currency, network, position, venue, pays, state)
       VALUES ('USDT', 'ETH', 2, 'bybit', '{address}', 'on'), ('USDT', 'ETH', 3, 'wallet', '{address}', 'paused')`,
    );
    const { service, unitOfWork } = intake;
    [ends, later, publishedAt] = [{ 'withdrawal.events 0': 7 }, null, new Date()];
    guard = guardWith([]);
    saga = givenSaga({ unitOfWork, service }, { guard });
    keep = new KeepUnclaimed(unitOfWork);
    await guard.beat(true);
  });
  afterEach(() => intake.close());

  async function held(change: Partial<Order> = {}, isRequested = false): Promise<string> {
    const { stored } = await placeOrder(intake, anOrder({ accountId, ...change }));
    const { id } = stored.withdrawal.order;
    if (!isRequested) await saga.take([anEvent(id, 'hold_placed')]);
    return id;
  }
  /** The ledger's receipt ends at this time. */
  function placedUntil(withdrawalId: string, until: string): InboundEvent {
    const fact = { trigger: 'hold_placed', until: new Date(until) } as const;
    const timedReceipt = `${until}~${A_MAC}`;
    const change = {
      kind: 'fact',
      withdrawalId,
      by: null,
      fact: () => fact,
      timedReceipt,
    } as const;
    return { id: randomUUID(), change };
  }
  /** Kafka has these steps. */
  function guardWith(steps: readonly PublishedEvent[]): RestoreGuard {
    const readNewest = ((topic) =>
      Promise.resolve(topic.name === 'withdrawal.events' ? steps : [])) as NonNullable<
      Platform['readNewest']
    >;
    const { service, unitOfWork } = intake;
    const endedBefore = new EndedBefore(service, unitOfWork, AUTHORITY, { readNewest }, QUIET);
    const position = {
      ends: () => Promise.resolve(ends),
      recordsAfter: () => Promise.resolve(later),
    };
    return new RestoreGuard(unitOfWork, endedBefore, position, QUIET, new Health());
  }
  /** A process starts on a database that was put back by a minute; answers the name of this restore. */
  async function restored(steps: readonly PublishedEvent[] = [], isRead = true): Promise<string> {
    await intake.database.query(`UPDATE life SET alive_at = alive_at - interval '1 minute'`);
    guard = guardWith(steps);
    const { service, unitOfWork } = intake;
    saga = givenSaga({ unitOfWork, service }, { guard });
    await guard.beat(true);
    if (isRead) await guard.beat(false);
    const [row] = await intake.database.query<{ life: string }>(
      'SELECT restored AS life FROM life',
    );
    return row?.life ?? '';
  }
  const paid = (change: Partial<VenuePayment> = {}): VenuePayment => ({
    record: 'b1',
    clientReference: null,
    payment: SAME_PAYMENT,
    closed: false,
    madeAt: new Date().toISOString(),
    ...change,
  });
  async function reported(venue: string, unclaimed: readonly VenuePayment[], life?: string) {
    const envelope = {
      id: randomUUID(),
      source: connectorOf(venue),
      subject: NO_WITHDRAWAL,
      time: new Date().toISOString(),
    };
    const data = {
      withdrawalId: NO_WITHDRAWAL,
      venue,
      unclaimed,
      ...(life !== undefined && { life }),
    };
    await keep.take([{ ...envelope, type: 'venue.unclaimed.v1', data }]);
  }
  const missing = (withdrawalId: string) =>
    saga.take([{ id: randomUUID(), change: { kind: 'missing', withdrawalId, by: 'gateio' } }]);
  const expired = (withdrawalId: string) => {
    const fact = { trigger: 'refused', reason: 'expired', message: 'over' } as const;
    return saga.take([
      {
        id: randomUUID(),
        change: { kind: 'fact', withdrawalId, by: 'gateio', fact: () => fact, proof: A_MAC },
      },
    ]);
  };
  const cancelAsked = (id: string) =>
    intake.unitOfWork.run(async (tx) => {
      const stored = (await lockWithdrawals(tx, [id])).get(id);
      const asked = stored && requestCancel(stored.withdrawal, 'ck_1', await tx.now());
      if (asked?.ok) saveCancelRequests(tx, [asked.value.withdrawal]);
    });
  const mayBegin = (notAfter: unknown) =>
    notAfter === null || Date.parse(String(notAfter)) > Date.now();
  /** What venues and ledger were sent about it after its hold was asked for: the topic, and what is left of its time. */
  const sent = async (id: string) =>
    (await published(intake.database, id))
      .filter(({ type }) => !/^withdrawal\.|place-hold/.test(type))
      .map(({ topic, data }) => [
        topic,
        data['venue'] ?? (mayBegin(data['notAfter']) ? 'pays' : 'gives it back'),
      ]);
  async function recovered(): Promise<void> {
    await intake.database.query(
      `UPDATE withdrawal SET updated_at = updated_at - interval '20 seconds'`,
    );
    const recovery = new Recovery(
      intake.unitOfWork,
      AUTHORITY,
      QUIET,
      { onLogLoss: () => undefined },
      guard,
    );
    for (let run = 0; run < 2; run++) {
      await recovery.repeatAll();
      await recovery.runIfDue();
    }
  }
  const rowOf = async (id: string) =>
    (
      await intake.database.query('SELECT state, venue, tried FROM withdrawal WHERE id = $1', [id])
    )[0];
  const casesOf = async (id: string) =>
    (
      await intake.database.query<{ trigger: string; detail: string }>(
        'SELECT trigger, detail FROM withdrawal_case WHERE withdrawal_id = $1',
        [id],
      )
    ).map(({ trigger, detail }) => ({ trigger, ...(JSON.parse(detail) as object) }));

  it('without a restore an order is given to its venue at once', async () => {
    expect(await sent(await held())).toEqual([['venue.gateio.commands', 'pays']]);
  });

  it('asks the venues, and gives an order to none before the others have read their records', async () => {
    const before = await held();
    const life = await restored();
    const questions = (await published(intake.database, NO_WITHDRAWAL)).map(
      ({ type, topic, data }) => [topic, type, data['life']],
    );
    expect(questions).toEqual([
      ['venue.bybit.commands', 'venue.report-unclaimed.v1', life],
      ['venue.gateio.commands', 'venue.report-unclaimed.v1', life],
    ]);

    const id = await held();
    await missing(before);
    await missing(id);
    await reported('gateio', [], life);
    await reported('bybit', [], randomUUID());
    await missing(id);
    await recovered(); // a question about an order lets its connector send it
    expect(await sent(id)).toEqual([]);
    expect(await sent(before)).toEqual([['venue.gateio.commands', 'pays']]);

    await reported('bybit', [], life);
    await missing(id);
    expect(await sent(id)).toEqual([['venue.gateio.commands', 'pays']]);
    await recovered();
    expect((await sent(id)).length + (await sent(before)).length).toBeGreaterThan(2);
  });

  describe('that was only down', () => {
    const questions = async () => (await published(intake.database, NO_WITHDRAWAL)).length;
    const lifeRow = async () =>
      (
        await intake.database.query(
          'SELECT restored, began_at, log_ends AS ends, paused_until FROM life',
        )
      )[0];

    it('gives new orders to their venue once the published events are compared; earlier orders wait for the other venues', async () => {
      const before = await held({}, true);
      await guard.beat(false);
      await guard.beat(false);
      later = 0;
      await restored([], false);
      const early = await held();
      expect(await sent(early)).toEqual([]);
      expect(guard.mayHaveLost()).toBe(true);

      await guard.beat(false);
      const { restored: life } = (await lifeRow()) as { restored: string };
      expect(await lifeRow()).toMatchObject({
        began_at: null,
        ends,
        paused_until: expect.any(Date) as Date,
      });
      expect([guard.mayHaveLost(), guard.mayForgetSignatures()]).toEqual([false, false]);
      expect(await sent(await held())).toEqual([['venue.gateio.commands', 'pays']]);
      await recovered();
      expect((await sent(early)).length).toBeGreaterThan(0);

      await saga.take([anEvent(before, 'hold_placed')]);
      expect([await questions(), await sent(before)]).toEqual([2, []]);
      await reported('gateio', [], life);
      await reported('bybit', [paid()], life);
      expect(await lifeRow()).toMatchObject({ restored: null });
      await missing(before);
      expect(await sent(before)).toEqual([['venue.gateio.commands', 'gives it back']]);
    });

    it('stores newer ends while the venues have not answered, so that the next start is an outage too', async () => {
      [later] = [0];
      await restored();
      ends = { 'withdrawal.events 0': 9 };
      await guard.beat(false);
      await guard.beat(false);
      expect(await lifeRow()).toMatchObject({ ends });
    });

    it.each([
      ['published now', 0],
      ['published at an earlier time, because the clock went back', 3_600_000],
    ])('but lacks a step %s: every venue is asked, also after the next start', async (_, age) => {
      const [stored] = await findByIds(intake.database, [await held()]);
      [later, publishedAt] = [1, new Date(Date.now() - age)];
      if (!stored) throw new Error('not on record');
      const step = eventOf(stored, 'submitting', { sequence: 99, at: publishedAt });
      const isRestore = { began_at: expect.any(Date) as Date, paused_until: null };
      await restored([step]);
      await guard.beat(false);
      expect(await questions()).toBe(2);
      expect(await lifeRow()).toMatchObject(isRestore);

      await restored();
      expect(await lifeRow()).toMatchObject(isRestore);
    });

    it.each([
      ['and is another server', `identity = 'another'`],
      ['and was restored before that', 'restored = gen_random_uuid(), paused_until = NULL'],
    ])('%s: every venue is asked', async (_what, change) => {
      later = 0;
      await intake.database.query(`UPDATE life SET ${change}`);
      await restored();
      await guard.beat(false);
      expect(await questions()).toBe(2);
      expect(await lifeRow()).toMatchObject({ paused_until: null });
    });

    it('stores the ends that were read before a sign of life, and none while a restore is open', async () => {
      await guard.beat(false);
      await guard.beat(false);
      ends = { 'withdrawal.events 0': 9 };
      await restored();
      await guard.beat(false);
      expect(await lifeRow()).toMatchObject({ ends: { 'withdrawal.events 0': 7 } });
    });
  });

  it('gives an order that people approve after the restore to no venue before the others have read', async () => {
    const id = await held({}, true);
    await saga.take([anEvent(id, 'approval_asked')]);
    const life = await restored();

    await saga.take([anEvent(id, 'hold_placed')]);
    expect(await rowOf(id)).toMatchObject({ state: 'submitting' });
    expect(await sent(id)).toEqual([]);

    await reported('gateio', [], life);
    await reported('bybit', [], life);
    await missing(id);
    expect(await sent(id)).toEqual([['venue.gateio.commands', 'pays']]);
  });

  describe('that had ended unpaid before the restore', () => {
    const notified = async (
      id: string,
      state: 'failed' | 'cancelled' | 'completed' | 'submitting',
      sequence = 9,
    ) => {
      const [stored] = await findByIds(intake.database, [id]);
      if (!stored) throw new Error('not on record');
      return eventOf(stored, state, { sequence, at: publishedAt });
    };
    const cancelOf = async (id: string) =>
      (await findByIds(intake.database, [id]))[0]?.withdrawal.cancel?.requestedBy;

    it.each([
      ['cancelled', 'restore:cancelled', 'cancelling'],
      ['failed', 'restore:failed', 'releasing'],
    ] as const)(
      'and were told to be %s are cancelled again, and end so again',
      async (state, requestedBy, next) => {
        const id = await held();
        const other = await held();
        const life = await restored([
          await notified(id, state),
          await notified(other, 'completed'),
        ]);
        await reported('gateio', [], life);
        await reported('bybit', [], life);

        expect([await cancelOf(id), await cancelOf(other)]).toEqual([requestedBy, undefined]);
        expect(
          (await published(intake.database, id)).filter(({ type }) => type.includes('cancel')),
        ).toMatchObject([{ type: 'venue.cancel-withdrawal.v1', topic: 'venue.gateio.commands' }]);
        await missing(id); // the connector has lost it too, and could send it before the cancel arrives
        expect((await sent(id)).slice(-2)).toMatchObject([
          ['venue.gateio.commands', 'gives it back'],
          ['venue.gateio.commands', expect.anything()],
        ]);
        await saga.take([anEvent(id, 'cancelled')]);
        await saga.take([anEvent(id, 'cancelled')]);
        expect(await rowOf(id)).toMatchObject({ state: next });
        expect(await casesOf(id)).toEqual([]);
      },
    );

    it.each(['cancelled', 'failed'] as const)(
      'and were told to be %s while they wait for people are released, and end so again',
      async (state) => {
        const id = await held({}, true);
        await saga.take([anEvent(id, 'approval_asked')]);
        await restored([await notified(id, state)]);

        expect((await published(intake.database, id)).slice(-1)).toMatchObject([
          { type: 'ledger.release-hold.v1', data: { reason: 'cancelled' } },
        ]);
        await saga.take([anEvent(id, 'hold_released')]);
        await saga.take([anEvent(id, 'hold_released')]);
        expect(await rowOf(id)).toMatchObject({ state });
        expect(await casesOf(id)).toEqual([]);
      },
    );

    it('are cancelled also where another venue has them since, with more events', async () => {
      const id = await held();
      const life = await restored([], false);
      await expired(id);
      guard = guardWith([await notified(id, 'failed', 2), await notified(id, 'submitting', 3)]);
      await guard.beat(false);
      await reported('gateio', [], life);
      await reported('bybit', [], life);

      expect(await rowOf(id)).toMatchObject({ state: 'submitting', tried: ['gateio'] });
      expect(await cancelOf(id)).toBe('restore:failed');
    });

    it('and were told to be failed go to no other venue', async () => {
      const id = await held();
      const life = await restored([await notified(id, 'failed')]);
      await reported('gateio', [], life);
      await reported('bybit', [], life);
      await expired(id);
      expect(await rowOf(id)).toMatchObject({ state: 'releasing', tried: [] });
    });

    it('and are paid all the same open a case', async () => {
      const id = await held();
      await restored([await notified(id, 'cancelled')]);
      await saga.take([anEvent(id, 'accepted')]);
      await saga.take([anEvent(id, 'settled')]);
      expect(
        await intake.database.query(
          'SELECT trigger FROM withdrawal_case WHERE withdrawal_id = $1',
          [id],
        ),
      ).toEqual([{ trigger: 'paid_after_reported_unpaid' }]);
    });

    it('and the time limit of an order that waited ends with the ledger’s receipt', async () => {
      await restored([], false);
      const id = await held({ pinned: true, submitWithinMs: 60_000 }, true);
      const until = new Date(Date.now() + 30_000).toISOString();
      await saga.take([placedUntil(id, until)]);
      await guard.beat(false);
      await missing(id);
      const orders = (await published(intake.database, id)).filter(({ type }) =>
        type.startsWith('venue.submit'),
      );
      expect(orders.map(({ data }) => data['notAfter'])).toEqual([until]);
    });

    it('leave signatures forgotten: an order needs a client reference for ten minutes', async () => {
      const place = async (change: Partial<Order>) =>
        new WithdrawalIntake(intake.unitOfWork, REFERENCES, AUTHORITY, guard).place({
          order: anOrder({ accountId, ...change }),
          decimals: 6,
          routing: TO_GATEIO,
        });
      const [id] = [await held(), await restored([], false)];
      await expect(place({})).rejects.toThrow('may have lost used signatures');
      await guard.beat(false); // Kafka has nothing that is missing here
      await place({});

      await restored([await notified(id, 'completed')]);
      await expect(place({})).rejects.toThrow('may have lost used signatures');
      await intake.database.query(`UPDATE life SET forgets_until = now(), behind = false`);
      await guard.beat(false);
      await place({});

      intake.service.continuity.broken('another server');
      await expect(place({})).rejects.toThrow('may have lost used signatures');
    });

    it('are put on record before a new request is taken; a known reference is answered', async () => {
      const place = async (clientReference: string) =>
        new WithdrawalIntake(intake.unitOfWork, REFERENCES, AUTHORITY, guard).place({
          order: anOrder({ accountId, clientReference }),
          decimals: 6,
          routing: TO_GATEIO,
        });
      await place('known');
      const id = await held();
      await restored([], false);
      await expect(place('unread')).rejects.toThrow('unavailable');
      await guard.beat(false); // Kafka has nothing that is missing here
      await place('unread');

      await restored([await notified(id, 'completed')]);
      await expect(place('behind')).rejects.toThrow('unavailable');
      expect((await place('known')).kind).toBe('taken');
      await guard.beat(false);
      await expect(place('behind')).rejects.toThrow('unavailable');
      await intake.database.query(`UPDATE life SET began_at = began_at - interval '15 minutes'`);
      await guard.beat(false);
      await place('behind');

      intake.service.continuity.broken('another server');
      await expect(place('after a fail-over')).rejects.toThrow('unavailable');
      await guard.beat(false);
      await place('after a fail-over');
    });

    it('a database that is another one was put back, however short the time', async () => {
      await intake.database.query(`UPDATE life SET identity = 'another server'`);
      await guard.beat(true);

      const lives = () =>
        intake.database.query('SELECT restored IS NOT NULL AS restored, identity FROM life');
      const { identity } = intake.service.continuity;
      expect(await lives()).toEqual([{ restored: true, identity }]);
      await guardWith([]).beat(false);
      await intake.database.query('UPDATE life SET restored = NULL');
      await guardWith([]).beat(true);
      expect(await lives()).toEqual([{ restored: false, identity }]);
    });

    it('are looked for before any order is sent, also where no other venue may have paid it', async () => {
      const life = await restored([], false);
      const id = await held({ pinned: true });
      expect(await sent(id)).toEqual([]);

      await guard.beat(false);
      await missing(id);
      expect(await sent(id)).toEqual([['venue.gateio.commands', 'pays']]);
      await reported('gateio', [], life);
      await reported('bybit', [], life);
      expect(await intake.database.query('SELECT restored FROM life')).toEqual([
        { restored: null },
      ]);
    });
  });

  it('an order that equals a payment of another venue is taken back and goes there, with a case that names both', async () => {
    await reported('bybit', [paid()]);
    const id = await held();
    expect(await sent(id)).toEqual([['venue.gateio.commands', 'gives it back']]);

    await expired(id);
    await saga.take([holdAssigned(id, 'bybit')]);

    expect(await rowOf(id)).toEqual({ state: 'submitting', venue: 'bybit', tried: ['gateio'] });
    expect((await sent(id)).slice(1)).toEqual([
      ['ledger.commands', 'bybit'],
      ['venue.bybit.commands', 'pays'],
    ]);
    expect(await casesOf(id)).toEqual([
      {
        trigger: 'may_be_paid_already',
        paidBy: 'bybit',
        venueReference: 'b1',
        clientReference: null,
        asset: 'USDT.ETH',
        amount: '5',
        venue: 'gateio',
        moves: true,
        recipient: `address:${ADDRESS.toLowerCase()}:`,
      },
    ]);
  });

  it.each(['cancelled', 'refused'] as const)(
    'that its venue reports as %s keep their hold before the other venue has read its record, and go to the payment there',
    async (trigger) => {
      const id = await held();
      const life = await restored();
      await cancelAsked(id);

      await saga.take([anEvent(id, trigger)]);
      expect(await rowOf(id)).toEqual({ state: 'submitting', venue: 'gateio', tried: [] });

      await reported('bybit', [paid()], life);
      await saga.take([anEvent(id, trigger)]);
      expect(await rowOf(id)).toEqual({ state: 'submitting', venue: 'bybit', tried: ['gateio'] });
      expect((await sent(id)).slice(1)).toEqual([['ledger.commands', 'bybit']]);
    },
  );

  it('that were sent and are proven as not paid keep their hold until the payment of another venue is closed', async () => {
    const id = await held();
    await saga.take([anEvent(id, 'outcome_unknown')]);
    await reported('bybit', [paid()]);
    await saga.take([anEvent(id, 'refused')]);
    expect(await rowOf(id)).toMatchObject({ state: 'uncertain' });
    expect(await casesOf(id)).toMatchObject([{ trigger: 'may_be_paid_already' }]);

    await reported('bybit', [paid({ closed: true })]);
    await saga.take([anEvent(id, 'refused')]);
    expect(await rowOf(id)).toMatchObject({ state: 'releasing' });
  });

  it('that are cancelled after every venue has read its record give their hold back', async () => {
    const id = await held();
    const life = await restored();
    await reported('gateio', [], life);
    await reported('bybit', [], life);
    await saga.take([anEvent(id, 'cancelled')]);
    expect(await rowOf(id)).toMatchObject({ state: 'cancelling' });
  });

  it('one that waited at its venue is taken back as well when the payment is reported; once it is closed, it goes on', async () => {
    const waiting = await held();
    await reported('bybit', [paid()]);
    await recovered();
    expect((await sent(waiting)).slice(1)).toEqual([['venue.gateio.commands', 'gives it back']]);

    await reported('bybit', [paid({ closed: true })]);
    expect(await sent(await held())).toEqual([['venue.gateio.commands', 'pays']]);
  });

  it('a payment that the connector of another venue has as a submission leads the same reference there, unless it is on record here', async () => {
    const clientReference = 'the same again';
    const reference = REFERENCES.of(anOrder({ accountId, clientReference }));
    const known = await held();
    const own = { payment: null, clientReference: reference };
    await reported('bybit', [
      paid({ ...own, record: 'b2', withdrawalId: known }),
      paid({ payment: null, record: 'b3', clientReference: reference.toUpperCase() }),
    ]);
    expect(await sent(await held())).toEqual([['venue.gateio.commands', 'pays']]);

    await reported('bybit', [paid({ ...own, withdrawalId: randomUUID() })]);
    expect(await sent(await held({ clientReference }))).toEqual([
      ['venue.gateio.commands', 'gives it back'],
    ]);
  });

  it('a database that goes back under a living process gives nothing to a venue, and is a restore at the next beat', async () => {
    await intake.database.query(`UPDATE life SET alive_at = alive_at - interval '9 seconds'`);
    const fault: unknown = await held().catch((error: unknown) => error);
    expect(fault).toMatchObject({
      message: expect.stringContaining('the database was put back') as unknown,
    });
    expect(isInfrastructureFault(fault)).toBe(true); // the consumer takes its events once more

    await guard.beat(false);

    expect(await intake.database.query('SELECT restored IS NOT NULL AS is FROM life')).toEqual([
      { is: true },
    ]);
  });
});
