import { randomUUID, randomUUIDv7 } from 'node:crypto';
import { HELD_AT_INTAKE } from '@sluice/messages';
import { Amount } from '@sluice/kernel';
import type { Order } from '@sluice/withdrawal-core';
import { anOrder, REFERENCES } from '../../testkit/a-withdrawal.js';
import { published, type TestInstance } from '../../testkit/given-intake.js';
import { anEvent } from '../../testkit/inbound-events.js';
import { givenIntake, placeOrder } from '../../testkit/given-saga.js';
import { idAt } from '../../rows/id-time.js';
import { digestOf } from '../../orders/order-authority.js';
import { changeOfLedgerEvent, type InboundEvent } from './inbound-event.js';
import { WithdrawalReports } from '../withdrawals.admin.controller.js';
import { type Saga } from './saga.js';

const LEDGER = { source: 'ledger', time: '2026-11-20T08:00:00.000Z' };

describe('a request that was repeated after intake-api’s database was put back', () => {
  let intake: TestInstance;
  let accountId: string;
  let saga: Saga;
  beforeAll(async () => void ({ intake, accountId, saga } = await givenIntake()));
  afterAll(() => intake.close());

  /** The repeated request, and the ledger's answer that it has the hold for the lost withdrawal. */
  async function repeated(
    clientReference: string,
    change: Partial<Order> = {},
    isReported = true,
    firstAt = Date.now(),
  ) {
    const id = `${idAt(firstAt).slice(0, 24)}${randomUUIDv7().slice(24)}`;
    const lost = anOrder({ id, accountId, clientReference, venue: 'bybit' });
    const order = anOrder({ accountId, clientReference, ...change });
    await placeOrder(intake, order);
    const refused: InboundEvent = {
      id: randomUUID(),
      change: changeOfLedgerEvent({
        ...LEDGER,
        id: randomUUID(),
        subject: accountId,
        type: 'ledger.hold-refused.v1',
        data: {
          withdrawalId: order.id,
          accountId,
          asset: order.asset,
          amount: order.amount.plus(order.fee).toString(),
          reason: 'held_before',
          available: null,
          digest: digestOf(order),
          heldAs: lost.id,
          heldBy: 'bybit',
          ...(isReported && { heldDigest: digestOf(lost) }),
        },
      }),
    };
    return { lost, order, refused };
  }
  const rowOf = async (id: string) =>
    (
      await intake.database.query(
        "SELECT state, venue, client_reference, error_message, encode(digest, 'hex') AS digest FROM withdrawal WHERE id = $1",
        [id],
      )
    )[0];
  const commandsOf = async (withdrawalId: string) =>
    (await published(intake.database)).filter(
      ({ topic, data }) =>
        topic.endsWith('.commands') && JSON.stringify(data).includes(withdrawalId),
    );

  it('goes on under the id of its first hold, at the venue that has the hold, with the digest of the first order', async () => {
    const { lost, order, refused } = await repeated('paid once');

    await saga.take([refused]);
    await saga.take([{ ...refused, id: randomUUID() }]); // the answer to a command that was sent twice

    expect(await rowOf(order.id)).toMatchObject({
      state: 'rejected',
      client_reference: null,
      error_message: 'held_before',
    });
    const digest = digestOf(lost);
    expect(await rowOf(lost.id)).toMatchObject({
      state: 'requested',
      venue: 'bybit',
      client_reference: 'paid once',
      digest,
    });
    expect(await commandsOf(lost.id)).toMatchObject([
      { type: 'ledger.place-hold.v1', data: { digest, reference: REFERENCES.of(lost) } },
    ]);
  });

  it('is not ordered again where its hold has ended: the venue is asked what became of it', async () => {
    const { lost, refused } = await repeated('captured before');
    await saga.take([refused]);

    const fact = { trigger: 'hold_placed', until: null } as const;
    const change = { kind: 'fact', withdrawalId: lost.id, by: null, fact: () => fact } as const;
    await saga.take([{ id: randomUUID(), change }]);

    expect(await rowOf(lost.id)).toMatchObject({ state: 'submitting' });
    expect((await commandsOf(lost.id)).map(({ topic, type }) => [topic, type])).toEqual([
      ['ledger.commands', 'ledger.place-hold.v1'],
      ['venue.bybit.commands', 'venue.report-submissions.v1'],
    ]);
  });

  it.each([
    ['absent', 'a release', 'failed'],
    ['cancelled', 'a release after a cancel request', 'cancelled'],
  ] as const)(
    'ends as %s by the answer of the ledger where its hold had ended by %s and its venue has no order',
    async (reason, _by, end) => {
      const { lost, refused } = await repeated(`released before ${end}`);
      await saga.take([refused]);
      const fact = { trigger: 'hold_placed', until: null } as const;
      const answer = { kind: 'fact', withdrawalId: lost.id, by: null, fact: () => fact } as const;
      await saga.take([{ id: randomUUID(), change: answer }]);
      const shown = await new WithdrawalReports(intake.service).find(lost.id);
      expect(shown?.awaits).toBe(HELD_AT_INTAKE.heldNoMore);
      if (end === 'cancelled')
        await intake.database.query(
          `UPDATE withdrawal SET cancel_requested_at = now(), cancel_requested_by = 'ck_1' WHERE id = $1`,
          [lost.id],
        );
      const missing = { kind: 'missing', withdrawalId: lost.id, by: 'bybit' } as const;
      await saga.take([{ id: randomUUID(), change: missing }]);
      const last = (await commandsOf(lost.id)).at(-1);
      expect(last).toMatchObject({ type: 'ledger.release-hold.v1', data: { reason } });
      expect(await rowOf(lost.id)).toMatchObject({ state: 'submitting' }); // the ledger decides

      await saga.take([anEvent(lost.id, 'hold_released')]);
      await saga.take([anEvent(lost.id, 'hold_released')]);

      expect(await rowOf(lost.id)).toMatchObject({ state: end });
      expect((await commandsOf(lost.id)).map(({ type }) => type)).not.toContain(
        'venue.submit-withdrawal.v1',
      );
    },
  );

  it('is completed by the first capture of the ledger where its hold was captured and its venue has no order', async () => {
    const { lost, refused } = await repeated('captured, and lost at its venue');
    await saga.take([refused]);
    const fact = { trigger: 'hold_placed', until: null } as const;
    const answer = { kind: 'fact', withdrawalId: lost.id, by: null, fact: () => fact } as const;
    await saga.take([{ id: randomUUID(), change: answer }]);
    const missing = { kind: 'missing', withdrawalId: lost.id, by: 'bybit' } as const;
    await saga.take([{ id: randomUUID(), change: missing }]);
    const captured = {
      kind: 'command_refused',
      withdrawalId: lost.id,
      command: 'ledger.release-hold.v1',
      reason: 'already_captured',
    } as const;

    for (let time = 0; time < 2; time++) await saga.take([{ id: randomUUID(), change: captured }]);

    expect(await rowOf(lost.id)).toMatchObject({ state: 'capturing' });
    expect((await commandsOf(lost.id)).at(-1)).toMatchObject({ type: 'ledger.capture-hold.v1' });
    await saga.take([anEvent(lost.id, 'hold_captured')]);
    expect(await rowOf(lost.id)).toMatchObject({ state: 'completed' });
  });

  it('is ordered as of its first request where the ledger was put back as well, and placed its hold again', async () => {
    const firstAt = Date.now() - 120_000;
    const { lost, refused } = await repeated('placed again', {}, true, firstAt);
    await saga.take([refused]);
    const fact = { trigger: 'hold_placed', until: null } as const;
    const answer = { kind: 'fact', withdrawalId: lost.id, by: null, fact: () => fact } as const;
    await saga.take([{ id: randomUUID(), change: answer }]);

    const placedAt = (ms: number): InboundEvent => {
      const { change: known, ...event } = anEvent(lost.id, 'hold_placed');
      if (known.kind !== 'fact') throw new Error('a placed hold is a fact');
      return { ...event, change: { ...known, answeredAt: new Date(Date.now() + ms) } };
    };
    const ordersOf = async () =>
      (await commandsOf(lost.id)).filter(({ type }) => type.includes('submit-'));

    // the first answer, delivered again: its hold has ended since
    await saga.take([placedAt(-60_000)]);
    await saga.take([anEvent(lost.id, 'hold_placed')]);
    expect(await ordersOf()).toEqual([]);

    await saga.take([placedAt(60_000)]);
    await saga.take([placedAt(61_000)]); // a second answer sends nothing
    expect(await ordersOf()).toMatchObject([
      {
        topic: 'venue.bybit.commands',
        data: { orderedAt: new Date(firstAt).toISOString() },
      },
    ]);
    expect((await new WithdrawalReports(intake.service).find(lost.id))?.awaits).not.toBe(
      HELD_AT_INTAKE.heldNoMore,
    );
  });

  it('does not go on where its terms are others than those of the first hold: a person has to look', async () => {
    const fee = Amount.of('0.5', anOrder().asset); // 5.5 in all: another sum than that of the first
    const { lost, order, refused } = await repeated('other terms', { fee });

    await saga.take([refused]);
    await saga.take([{ ...refused, id: randomUUID() }]);

    expect(await rowOf(order.id)).toMatchObject({
      state: 'rejected',
      client_reference: null,
      error_message: 'held_before',
    });
    expect(await rowOf(lost.id)).toBeUndefined();
    expect(await commandsOf(lost.id)).toEqual([]);
    const cases = 'SELECT message_id, state, trigger FROM withdrawal_case WHERE withdrawal_id = $1';
    expect(await intake.database.query(cases, [order.id])).toEqual([
      { message_id: `held_otherwise ${lost.id}`, state: 'rejected', trigger: 'held_otherwise' },
    ]);
  });

  it('does not go on where the ledger does not tell the terms of the first hold', async () => {
    const { lost, order, refused } = await repeated('unknown terms', {}, false);

    await saga.take([refused]);

    expect(await rowOf(order.id)).toMatchObject({ state: 'rejected' });
    expect(await rowOf(lost.id)).toBeUndefined();
  });

  it('is ordered as of its first request where its hold stands: the venue may have paid it since', async () => {
    const firstAt = Date.now() - 120_000;
    const { lost, refused } = await repeated('in flight', {}, true, firstAt);
    await saga.take([refused]);
    const placed = anEvent(lost.id, 'hold_placed');
    await saga.take([placed]);

    expect(await commandsOf(lost.id)).toContainEqual(
      expect.objectContaining({
        topic: 'venue.bybit.commands',
        type: 'venue.submit-withdrawal.v1',
        data: expect.objectContaining({ orderedAt: new Date(firstAt).toISOString() }) as unknown,
      }),
    );
  });
});
