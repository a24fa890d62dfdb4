import fc from 'fast-check';
import { randomUUIDv7 } from 'node:crypto';
import { Amount, assetOf } from '@sluice/kernel';
import type { Order } from '@sluice/withdrawal-core';
import { timeOfId } from '../../rows/id-time.js';
import { WithdrawalWaiters } from '../waiting/waiters.js';
import { anOrder } from '../../testkit/a-withdrawal.js';
import {
  countCases,
  countOf,
  published,
  type Published,
  type TestInstance,
} from '../../testkit/given-intake.js';
import { allPaths, anEvent, type FactTrigger } from '../../testkit/inbound-events.js';
import type { InboundEvent } from './inbound-event.js';
import { type Saga } from './saga.js';
import { givenIntake, givenSaga, placeOrder } from '../../testkit/given-saga.js';

describe('Saga', () => {
  let intake: TestInstance;
  let accountId: string;
  let waiters: WithdrawalWaiters;
  let saga: Saga;
  beforeAll(async () => {
    ({ intake, accountId } = await givenIntake());
    waiters = new WithdrawalWaiters(intake.service);
    saga = givenSaga(intake, { waiters });
  });
  afterAll(() => intake.close());

  async function place(change: Partial<Order> = {}): Promise<string> {
    const order = anOrder({ accountId, ...change });
    const placed = await placeOrder(intake, order);
    return placed.stored.withdrawal.order.id;
  }
  /** Each message is a batch of its own. */
  async function receive(id: string, ...triggers: FactTrigger[]): Promise<void> {
    for (const trigger of triggers) await saga.take([anEvent(id, trigger)]);
  }
  /** Everything about each withdrawal that must not depend on how messages were cut into batches. */
  async function livesOf(ids: readonly string[]) {
    const messages = Map.groupBy(await published(intake.database), (one) => one.orderingKey);
    return Promise.all(ids.map((id) => lifeWith(id, messages.get(id) ?? [])));
  }
  const lifeOf = async (id: string) => lifeWith(id, await published(intake.database, id));
  async function lifeWith(id: string, messages: readonly Published[]) {
    const [row] = await intake.database.query(
      `SELECT state, sequence, published, replace(venue_reference, id::text, 'id') AS venue_reference, tx_hash, error_message, expected_at,
              broadcast_at IS NOT NULL AS broadcast, confirmed_at IS NOT NULL AS confirmed FROM withdrawal WHERE id = $1`,
      [id],
    );
    const history = await intake.database.query(
      `SELECT sequence, from_state, to_state, trigger, replace(detail, $2, 'id') AS detail FROM withdrawal_step WHERE withdrawal_id = $1 ORDER BY sequence`,
      [id, id],
    );
    return {
      row,
      history,
      messages: messages.map(({ type, data }) => [
        type,
        data['sequence'] ?? data['amount'] ?? data['reason'],
      ]),
      cases: await countCases(intake.database, id),
    };
  }

  it('takes every path of the state machine the same way, however its messages are cut, mixed and repeated', async () => {
    const [returned = [], others = []] = [true, false].map((isReturned) =>
      allPaths().filter((path) => path.includes('returned') === isReturned),
    );
    // a return follows each completed path in the same way
    const paths = [...others, ...returned.slice(0, 3)];
    const idsOneByOne: string[] = [];
    for (const path of paths) {
      const id = await place();
      await receive(id, ...path);
      idsOneByOne.push(id);
    }
    const oneByOne = await livesOf(idsOneByOne);
    expect(paths.length).toBeGreaterThan(15);

    const anyOrder = fc.array(fc.nat(), { minLength: 200, maxLength: 200 });
    const anyCuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(
        anyOrder,
        anyCuts,
        fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 30 }),
        async (picks, cuts, repeats) => {
          const ids = await Promise.all(paths.map(() => place()));
          const mixed = mix(
            paths.map((path, index) => path.map((trigger) => anEvent(ids[index] ?? '', trigger))),
            picks,
          );
          for (const batch of cut(repeated(mixed, repeats), cuts)) await saga.take(batch);
          expect(await livesOf(ids)).toEqual(oneByOne);
        },
      ),
      { numRuns: 5 },
    );
  }, 240_000);

  it('changes nothing when all messages of a withdrawal come again after its end, and needs no inbox row for facts', async () => {
    const rowsOf = (ids: readonly string[]) =>
      intake.database.query('SELECT * FROM withdrawal WHERE id = ANY ($1) ORDER BY id', [ids]);
    const claims = await countOf(intake.database, 'inbox');
    const withdrawals: { id: string; events: InboundEvent[] }[] = [];
    for (const path of allPaths()) {
      const id = await place();
      const events = path.map((trigger) => anEvent(id, trigger));
      for (const event of events) await saga.take([event]);
      withdrawals.push({ id, events });
    }
    const ids = withdrawals.map(({ id }) => id);
    const before = [await livesOf(ids), await rowsOf(ids)];

    for (const { events } of withdrawals) {
      await saga.take(events);
      for (const event of events.toReversed()) await saga.take([event]);
    }

    expect([await livesOf(ids), await rowsOf(ids)]).toEqual(before);
    expect(await countOf(intake.database, 'inbox')).toBe(claims);
  }, 240_000);

  it('knows the broadcast of a payment settled under another hash again, and takes a third hash for a contradiction', async () => {
    const id = await place();
    const broadcast = (txHash: string): InboundEvent => ({
      id: randomUUIDv7(),
      change: {
        kind: 'fact',
        withdrawalId: id,
        by: 'gateio',
        fact: () => ({ trigger: 'broadcast', txHash }),
      },
    });
    const first = broadcast('0xfirst');
    await receive(id, 'hold_placed', 'accepted');
    await saga.take([first]);
    await saga.take([anEvent(id, 'settled'), first]);
    await receive(id, 'hold_captured');
    const before = await lifeOf(id);

    await saga.take([first]);
    await saga.take([broadcast('0xfirst')]);
    expect(await lifeOf(id)).toEqual({ ...before, cases: 0 });

    await saga.take([broadcast('0xother')]);
    expect(await lifeOf(id)).toEqual({ ...before, cases: 1 });
  });

  it.each<[string, FactTrigger[], string[]]>([
    [
      'is paid',
      ['hold_placed', 'accepted', 'broadcast', 'settled', 'hold_captured'],
      ['submit-withdrawal', 'capture-hold', 'record-venue-fee'],
    ],
    [
      'is refused',
      ['hold_placed', 'refused', 'hold_released'],
      ['submit-withdrawal', 'release-hold'],
    ],
    ['has no hold', ['hold_refused'], []],
  ])(
    'asks others for no more than it takes when a withdrawal %s',
    async (_what, path, commands) => {
      const id = await place();
      await receive(id, ...path);
      const asked = (await published(intake.database, id))
        .map(({ type }) => type)
        .filter((type) => !/^withdrawal\./.test(type));
      expect(asked).toEqual(
        ['place-hold', ...commands].map(
          (name) => `${name === 'submit-withdrawal' ? 'venue' : 'ledger'}.${name}.v1`,
        ),
      );
    },
  );

  it.each([
    ['with the capture', '0.4', []],
    ['of another amount, which the ledger then refuses', '0.5', ['ledger.record-venue-fee.v1']],
    ['not at all', null, ['ledger.record-venue-fee.v1']],
  ])('knows the fee that the ledger books %s', async (_how, fee, asked) => {
    const id = await place();
    await receive(id, 'hold_placed', 'accepted', 'settled');
    const [capture] = (await published(intake.database, id)).filter(
      ({ type }) => type === 'ledger.capture-hold.v1',
    );
    expect(capture?.data).toMatchObject({ venueFee: '0.4' });
    const before = (await published(intake.database, id)).length;
    const event = anEvent(id, 'hold_captured');
    const venueFee = fee === null ? null : Amount.of(fee, assetOf('USDT', 'ETH'));
    const fact = () => ({ trigger: 'hold_captured', venueFee }) as const;
    const captured = { ...event, change: { ...event.change, fact } as InboundEvent['change'] };

    await saga.take([captured, captured]);
    await saga.take([{ ...captured, id: randomUUIDv7() }]);

    const sent = (await published(intake.database, id)).slice(before);
    expect(sent.map(({ type }) => type)).toEqual(['withdrawal.completed.v1', ...asked]);
    const [row] = await intake.database.query(
      'SELECT venue_fee_recorded FROM withdrawal WHERE id = $1',
      [id],
    );
    expect(row).toEqual({ venue_fee_recorded: asked.length === 0 });
    expect(await lifeOf(id)).toMatchObject({ cases: 0 });
  });

  it('opens one case for a late contrary fact, however often it is delivered, and changes nothing', async () => {
    const id = await place();
    await receive(id, 'hold_placed', 'accepted', 'settled', 'hold_captured');
    const before = await lifeOf(id);
    const late = anEvent(id, 'failed');

    await saga.take([late, late]);
    await saga.take([late]);

    expect(await lifeOf(id)).toEqual({ ...before, cases: 1 });
    const [open] = await intake.database.query(
      `SELECT state, trigger, detail::jsonb FROM withdrawal_case WHERE withdrawal_id = $1`,
      [id],
    );
    expect(open).toEqual({
      state: 'completed',
      trigger: 'failed',
      detail: {
        trigger: 'failed',
        reason: 'rejected',
        message: 'the venue gave it back',
        venue: 'gateio',
      },
    });
  });

  it('throws for a withdrawal that is not on record, and nothing of that batch happens', async () => {
    const id = await place();
    const good = anEvent(id, 'hold_placed');
    const [old, lost] = ['0193a000-0000-7000-8000-00000000dead', randomUUIDv7()];
    const bad = [anEvent(old, 'hold_placed'), anEvent(lost, 'hold_placed')];
    await intake.database.query(
      `UPDATE ledger_comparison SET holds_compared_to = 'ffffffff-ffff-7fff-bfff-ffffffffffff'`,
    );
    const refused = saga.take([good, ...bad]);
    await expect(refused).rejects.toThrow('is not on record');
    await expect(refused).rejects.toMatchObject({
      causes: new Map(
        bad.map((event, n) => [event.id, `withdrawal ${[old, lost][n]} is not on record`]),
      ),
    });
    const [compared] = await intake.database.query<{ to: string }>(
      'SELECT holds_compared_to AS to FROM ledger_comparison',
    );
    expect(timeOfId(compared?.to ?? '')).toBe(timeOfId(lost) - 1); // its hold is compared once more
    expect((await lifeOf(id)).row).toMatchObject({ state: 'requested', sequence: 1 });
    await saga.take([good]); // not claimed either
    expect((await lifeOf(id)).row).toMatchObject({ state: 'submitting', sequence: 2 });
  });

  it('publishes an event with the hold and with each change of the status, numbered without a gap', async () => {
    const id = await place();
    expect((await published(intake.database, id)).map(({ type }) => type)).toEqual([
      'ledger.place-hold.v1',
    ]);

    await receive(id, 'hold_placed');

    expect((await published(intake.database, id)).slice(1)).toMatchObject([
      {
        type: 'withdrawal.submitting.v1',
        data: { sequence: 1, status: 'pending', stage: 'awaiting_venue' },
      },
      { type: 'venue.submit-withdrawal.v1' },
    ]);

    await receive(id, 'accepted', 'settled', 'hold_captured');

    const events = (await published(intake.database, id)).filter(
      ({ topic }) => topic === 'withdrawal.events',
    );
    expect(events.slice(1)).toMatchObject([
      {
        type: 'withdrawal.broadcast.v1',
        data: { sequence: 2, status: 'broadcasted', stage: 'booking' },
      },
      { type: 'withdrawal.completed.v1', data: { sequence: 3, status: 'confirmed' } },
    ]);
  });

  it('publishes the events of every path without a gap', async () => {
    for (const path of allPaths()) {
      const id = await place();
      await receive(id, ...path);
      const events = (await published(intake.database, id)).filter(
        ({ topic }) => topic === 'withdrawal.events',
      );
      expect(events.map(({ data }) => data['sequence'])).toEqual(events.map((_, at) => at + 1));
      const { row } = await lifeOf(id);
      expect(row).toMatchObject({ published: events.length });
    }
  }, 240_000);

  it('publishes no event of a request that the ledger refuses: it was never a withdrawal', async () => {
    const id = await place();
    await receive(id, 'hold_refused');

    expect((await lifeOf(id)).row).toMatchObject({ state: 'rejected', sequence: 2 });
    expect((await published(intake.database, id)).map(({ type }) => type)).toEqual([
      'ledger.place-hold.v1',
    ]);
  });

  it('gives the reference back when the hold is refused, and the same reference makes another withdrawal', async () => {
    const first = await place({ clientReference: 'again' });
    await receive(first, 'hold_refused');

    const second = await place({ clientReference: 'again' });

    expect(second).not.toBe(first);
    const rows = await intake.database.query(
      `SELECT state, client_reference, rejected_reference FROM withdrawal WHERE id = ANY ($1::uuid[]) ORDER BY number`,
      [[first, second]],
    );
    expect(rows).toEqual([
      { state: 'rejected', client_reference: null, rejected_reference: 'again' },
      { state: 'requested', client_reference: 'again', rejected_reference: null },
    ]);
  });

  describe('reports of when the venue’s turn is expected', () => {
    const at = new Date('2026-11-20T09:00:00Z');
    const expected = (withdrawalId: string): InboundEvent => ({
      id: `scheduled ${withdrawalId}`,
      change: { kind: 'expected', withdrawalId, by: 'gateio', at },
    });

    it('moves nothing: no step, no history, no message', async () => {
      const id = await place();
      await receive(id, 'hold_placed');
      const before = await lifeOf(id);
      await saga.take([expected(id)]);
      expect(await lifeOf(id)).toEqual({ ...before, row: { ...before.row!, expected_at: at } });
    });

    it.each<FactTrigger[][]>([
      [['hold_refused']],
      [['hold_placed', 'accepted']],
      [['hold_placed', 'refused', 'hold_released']],
    ])('changes nothing after %j', async (path) => {
      const id = await place({ clientReference: `late ${path.length} ${path.at(-1)}` });
      await receive(id, ...path);
      const wholeRow = async () =>
        intake.database.query('SELECT * FROM withdrawal WHERE id = $1', [id]);
      const before = await wholeRow();
      await saga.take([expected(id)]);
      expect(await wholeRow()).toEqual(before);
    });

    it('is taken back once the venue has answered', async () => {
      const id = await place();
      await receive(id, 'hold_placed');
      await saga.take([expected(id)]);
      await receive(id, 'accepted');
      expect((await lifeOf(id)).row).toMatchObject({ state: 'submitted', expected_at: null });
    });
  });

  it('wakes those who wait in this process, after the commit', async () => {
    const id = await place();
    const waiting = waiters.wait(id, ({ state }) => state !== 'requested', 5_000);
    await saga.take([anEvent(id, 'hold_placed')]);
    const { reached, last } = await waiting;
    expect([reached, last?.withdrawal.state]).toEqual([true, 'submitting']);
  });

  it('writes nothing for an event of no withdrawal', async () => {
    const before = await countOf(intake.database, 'outbox');
    await saga.take([
      { id: 'quiet', change: { kind: 'nothing' } },
      { id: 'loud', change: { kind: 'alarm', text: 'look here' } },
    ]);
    expect(await countOf(intake.database, 'outbox')).toBe(before);
    expect(await countOf(intake.database, `inbox WHERE message_id IN ('quiet', 'loud')`)).toBe(1);
  });
});

/** Merges sequences, each kept in its own order. */
function mix(
  sequences: readonly (readonly InboundEvent[])[],
  picks: readonly number[],
): InboundEvent[] {
  const left = sequences.map((sequence) => [...sequence]).filter((sequence) => sequence.length > 0);
  const merged: InboundEvent[] = [];
  for (let turn = 0; left.length > 0; turn++) {
    const index = (picks[turn % picks.length] ?? 0) % left.length;
    const next = left[index]?.shift();
    if (next) merged.push(next);
    if (left[index]?.length === 0) left.splice(index, 1);
  }
  return merged;
}

/** Delivers some messages again, anywhere after the first time. */
function repeated(
  messages: readonly InboundEvent[],
  repeats: readonly (readonly [which: number, later: number])[],
): InboundEvent[] {
  const all = [...messages];
  for (const [which, later] of repeats) {
    const at = which % all.length;
    const again = all[at];
    if (again) all.splice(at + 1 + (later % (all.length - at)), 0, again);
  }
  return all;
}

function cut(messages: readonly InboundEvent[], sizes: readonly number[]): InboundEvent[][] {
  const left = [...messages];
  const batches: InboundEvent[][] = [];
  for (let n = 0; left.length > 0; n++) batches.push(left.splice(0, sizes[n % sizes.length]));
  return batches;
}
