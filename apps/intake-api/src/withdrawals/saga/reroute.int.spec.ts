import { randomUUID } from 'node:crypto';
import type { Fact, Order } from '@sluice/withdrawal-core';
import { anOrder } from '../../testkit/a-withdrawal.js';
import {
  countCases,
  published,
  type TestInstance,
  violationsIn,
} from '../../testkit/given-intake.js';
import { givenIntake, placeOrder } from '../../testkit/given-saga.js';
import { A_MAC, anEvent, holdAssigned, RECEIPT_END } from '../../testkit/inbound-events.js';
import type { InboundEvent } from './inbound-event.js';
import type { Saga } from './saga.js';

describe('Saga, when a venue refuses what another may pay', () => {
  let intake: TestInstance;
  let accountId: string;
  let saga: Saga;
  beforeAll(async () => {
    ({ intake, accountId, saga } = await givenIntake());
    await intake.database.query(
      `INSERT INTO route (currency, network, position, venue, pays, submit_within_ms)
       VALUES ('USDT', 'ETH', 2, 'bybit', '{address}', NULL), ('USDT', 'ETH', 3, 'bitmart', '{address}', NULL)`,
    );
  });
  afterAll(() => intake.close());

  async function submitted(change: Partial<Order> = {}): Promise<string> {
    const placed = await placeOrder(intake, anOrder({ accountId, ...change }));
    const { id } = placed.stored.withdrawal.order;
    await saga.take([anEvent(id, 'hold_placed')]);
    return id;
  }
  function refusedBy(
    by: string,
    withdrawalId: string,
    reason = 'insufficient_venue_funds',
  ): InboundEvent {
    const fact: Fact = { trigger: 'refused', reason, message: 'not enough there' };
    return {
      id: randomUUID(),
      change: { kind: 'fact', withdrawalId, by, fact: () => fact, proof: A_MAC },
    };
  }
  const row = async (id: string) =>
    (
      await intake.database.query(
        'SELECT state, venue, tried, error_message, expected_at FROM withdrawal WHERE id = $1',
        [id],
      )
    )[0];
  const stepsOf = (id: string) =>
    intake.database.query<{ detail: string; at: Date }>(
      'SELECT detail, at FROM withdrawal_step WHERE withdrawal_id = $1 ORDER BY sequence',
      [id],
    );
  const casesOf = (id: string) =>
    intake.database.query('SELECT trigger FROM withdrawal_case WHERE withdrawal_id = $1', [id]);
  const asked = async (id: string) =>
    (await published(intake.database, id))
      .map(({ type, data }) => [type, data['venue']])
      .filter(([type]) => !/^withdrawal\.|place-hold/.test(String(type)));

  it('gives it to nobody while the connector does not vouch for the refusal: that is a case', async () => {
    const id = await submitted();
    const refused = refusedBy('gateio', id);

    await saga.take([{ ...refused, change: { ...refused.change, proof: undefined } as never }]);

    expect(await row(id)).toMatchObject({ state: 'submitting', venue: 'gateio', tried: [] });
    expect(await asked(id)).toEqual([['venue.submit-withdrawal.v1', undefined]]);
    expect(await casesOf(id)).toEqual([{ trigger: 'refusal_not_proven' }]);
  });

  it('nor by the proof of the venue before, when the next one does not vouch for its own', async () => {
    const id = await submitted();
    await saga.take([refusedBy('gateio', id), holdAssigned(id, 'bybit')]);
    const refused = refusedBy('bybit', id);

    await saga.take([{ ...refused, change: { ...refused.change, proof: undefined } as never }]);

    expect(await row(id)).toMatchObject({ state: 'submitting', venue: 'bybit', tried: ['gateio'] });
    expect(await casesOf(id)).toEqual([{ trigger: 'refusal_not_proven' }]);
  });

  it('gives it to the next venue, which alone is believed then and pays it; capture and venue fee are that venue’s', async () => {
    const id = await submitted();
    await saga.take([refusedBy('gateio', id)]);
    expect(await row(id)).toMatchObject({
      state: 'submitting',
      venue: 'bybit',
      tried: ['gateio'],
      error_message: null,
    });

    await saga.take([
      anEvent(id, 'accepted'),
      {
        id: randomUUID(),
        change: { kind: 'expected', withdrawalId: id, by: 'gateio', at: new Date() },
      },
    ]); // late
    expect(await row(id)).toMatchObject({ state: 'submitting', expected_at: null });
    expect(await countCases(intake.database, id)).toBe(1);

    await saga.take([holdAssigned(id, 'bybit'), holdAssigned(id, 'bybit')]);
    const held = anEvent(id, 'hold_placed');
    await saga.take([
      { ...held, change: { ...held.change, reported: { venue: 'gateio' } } as never },
    ]); // again
    expect(await countCases(intake.database, id)).toBe(1);
    await saga.take([
      anEvent(id, 'accepted', 'bybit'),
      anEvent(id, 'settled', 'bybit'),
      anEvent(id, 'hold_captured'),
    ]);
    expect(await row(id)).toMatchObject({ state: 'completed', venue: 'bybit' });
    expect(await asked(id)).toEqual([
      ['venue.submit-withdrawal.v1', undefined],
      ['ledger.assign-hold.v1', 'bybit'],
      ['venue.submit-withdrawal.v1', undefined],
      ['ledger.capture-hold.v1', 'bybit'],
      ['ledger.record-venue-fee.v1', 'bybit'],
    ]);
    const history = await intake.database.query(
      `SELECT from_state, to_state, detail FROM withdrawal_step WHERE withdrawal_id = $1 AND trigger = 'rerouted'`,
      [id],
    );
    expect(history).toEqual([
      {
        from_state: 'submitting',
        to_state: 'submitting',
        detail: 'insufficient_venue_funds: not enough there; bybit (gateio: tried)',
      },
    ]);
  });

  it('publishes the venue that has it now', async () => {
    const id = await submitted();
    await saga.take([refusedBy('gateio', id)]);
    const steps = (await published(intake.database, id)).filter(
      ({ type }) => type === 'withdrawal.submitting.v1',
    );
    expect(steps.map(({ data }) => [data['sequence'], data['venue']])).toEqual([
      [1, 'gateio'],
      [2, 'bybit'],
    ]);
  });

  it('goes the whole route in one batch, then releases once', async () => {
    const id = await submitted();
    const batch = [
      refusedBy('gateio', id),
      holdAssigned(id, 'bybit'),
      refusedBy('bybit', id),
      holdAssigned(id, 'bitmart'),
      refusedBy('bitmart', id),
    ];
    await saga.take([...batch, ...batch]);
    expect(await row(id)).toMatchObject({
      state: 'releasing',
      venue: 'bitmart',
      tried: ['gateio', 'bybit'],
      error_message: 'broadcast_rejected',
    });
    expect((await asked(id)).map(([type]) => type)).toEqual([
      'venue.submit-withdrawal.v1',
      ...Array<string[]>(2).fill(['ledger.assign-hold.v1', 'venue.submit-withdrawal.v1']).flat(),
      'ledger.release-hold.v1',
    ]);
  });

  it.each<[string, Partial<Order>, string]>([
    ['the customer named the venue', { pinned: true }, 'limit'],
    ['the refusal is the withdrawal’s own', {}, 'invalid_address'],
  ])('does not when %s', async (_what, change, reason) => {
    const id = await submitted(change);
    await saga.take([refusedBy('gateio', id, reason)]);
    expect(await row(id)).toMatchObject({ state: 'releasing', venue: 'gateio', tried: [] });
  });

  it('gives each venue the time that its route says, and goes on when a venue has let it run out', async () => {
    await intake.database.query(`UPDATE route SET submit_within_ms = 90000 WHERE venue = 'bybit'`);
    const id = await submitted({ submitWithinMs: 20_000 });
    await saga.take([refusedBy('gateio', id, 'expired')]);
    const [, until] = /not after (\S+)$/.exec((await stepsOf(id)).at(-1)?.detail ?? '') ?? [];
    await saga.take([holdAssigned(id, 'bybit', until)]);
    await intake.database.query(`UPDATE route SET submit_within_ms = NULL WHERE venue = 'bybit'`);
    await saga.take([refusedBy('bybit', id, 'expired'), holdAssigned(id, 'bitmart')]);

    const [steps, messages] = [await stepsOf(id), await published(intake.database, id)];
    const deadlines = messages.flatMap(({ data }) =>
      'notAfter' in data ? [data['notAfter'] as string | null] : [],
    );
    const within = deadlines
      .slice(0, 2)
      .map((notAfter, index) => Date.parse(notAfter ?? '') - (steps[index + 1]?.at.getTime() ?? 0));
    expect(within).toEqual([20_000, 90_000]);
    expect(deadlines[2]).toBe(RECEIPT_END); // without a time of the route, the receipt alone ends it
    expect(steps.map(({ detail }) => detail)).toEqual([
      'gateio',
      `not after ${deadlines[0]}`,
      `expired: not enough there; bybit (gateio: tried); not after ${deadlines[1]}`,
      'expired: not enough there; bitmart (gateio: tried, bybit: tried)',
    ]);
  });

  it('puts each decision on record: which venues were considered, and why each was not taken', async () => {
    await intake.database.query(`UPDATE route SET state = 'paused' WHERE venue = 'bybit'`);
    const id = await submitted();
    await saga.take([refusedBy('gateio', id), refusedBy('bitmart', id)]);
    await intake.database.query(`UPDATE route SET state = 'on'`);

    const decisions = await intake.database.query(
      'SELECT trigger, decision FROM withdrawal_step WHERE withdrawal_id = $1 AND decision IS NOT NULL ORDER BY sequence',
      [id],
    );
    const [bybit, gateio] = [
      { venue: 'bybit', because: 'paused' },
      { venue: 'gateio', because: 'tried' },
    ];
    expect(decisions).toEqual([
      { trigger: 'requested', decision: { venue: 'gateio', named: false, passed: [] } },
      {
        trigger: 'rerouted',
        decision: { venue: 'bitmart', named: false, passed: [gateio, bybit] },
      },
      {
        trigger: 'refused',
        decision: {
          venue: null,
          named: false,
          passed: [gateio, bybit, { venue: 'bitmart', because: 'tried' }],
        },
      },
    ]);
  });

  it('ends with the hold released when the time ran out at the last venue, or at the one that was named', async () => {
    const id = await submitted({ pinned: true, submitWithinMs: 20_000 });
    await saga.take([refusedBy('gateio', id, 'expired'), anEvent(id, 'hold_released')]);
    expect(await row(id)).toMatchObject({ state: 'failed', venue: 'gateio', tried: [] });
    expect((await asked(id)).map(([type]) => type)).toEqual([
      'venue.submit-withdrawal.v1',
      'ledger.release-hold.v1',
    ]);
  });

  it('ends as failed, with no command, when a limit refuses the next venue; the same report again changes nothing', async () => {
    const id = await submitted();
    await saga.take([refusedBy('gateio', id)]);
    const before = await asked(id);
    await saga.take([anEvent(id, 'assignment_refused')]);
    const after = await published(intake.database, id);
    await saga.take([anEvent(id, 'assignment_refused')]);

    expect(await row(id)).toMatchObject({
      state: 'failed',
      venue: 'bybit',
      tried: ['gateio'],
      error_message: 'limit_exceeded',
    });
    expect(before.map(([type]) => type)).toEqual([
      'venue.submit-withdrawal.v1',
      'ledger.assign-hold.v1',
    ]);
    expect(await asked(id)).toEqual(before);
    expect(after.at(-1)).toMatchObject({
      type: 'withdrawal.failed.v1',
      data: { status: 'failed', reason: 'limit_exceeded', venue: 'bybit' },
    });
    expect(await published(intake.database, id)).toEqual(after);
    expect(await countCases(intake.database, id)).toBe(0);
  });

  it('is a case, and ends nothing, when the refused assignment is of another order, or the ledger has assigned the hold', async () => {
    const [changed, assigned] = [await submitted(), await submitted()];
    await saga.take([
      refusedBy('gateio', changed),
      refusedBy('gateio', assigned),
      holdAssigned(assigned, 'bybit'),
    ]);
    const event = anEvent(changed, 'assignment_refused');
    const of = { ...event.change, reported: { total: '7' } } as InboundEvent['change'];
    await saga.take([{ ...event, change: of }, anEvent(assigned, 'assignment_refused')]);

    for (const id of [changed, assigned])
      expect(await row(id)).toMatchObject({ state: 'submitting', venue: 'bybit' });
    expect(
      await intake.database.query(
        'SELECT trigger FROM withdrawal_case WHERE withdrawal_id = ANY ($1::uuid[]) ORDER BY trigger',
        [[changed, assigned]],
      ),
    ).toEqual([{ trigger: 'assignment_refused' }, { trigger: 'hold_not_as_asked' }]);
  });

  it.each(['paused', 'closing'])(
    'lets a venue that is %s finish what it has, and gives it nothing new',
    async (state) => {
      const id = await submitted();
      await intake.database.query(
        `UPDATE route SET state = $1 WHERE venue IN ('gateio', 'bybit')`,
        [state],
      );
      await saga.take([
        anEvent(id, 'accepted'),
        anEvent(id, 'settled'),
        anEvent(id, 'hold_captured'),
      ]);
      expect(await row(id)).toMatchObject({ state: 'completed', venue: 'gateio' });

      const next = await submitted();
      await saga.take([refusedBy('gateio', next)]);
      await intake.database.query(`UPDATE route SET state = 'on'`);
      expect(await row(next)).toMatchObject({ state: 'submitting', venue: 'bitmart' });
    },
  );

  it('passes over a venue that was paused meanwhile', async () => {
    const id = await submitted();
    await intake.database.query(`UPDATE route SET state = 'paused' WHERE venue = 'bybit'`);
    await saga.take([refusedBy('gateio', id)]);
    await intake.database.query(`UPDATE route SET state = 'on' WHERE venue = 'bybit'`);
    expect(await row(id)).toMatchObject({
      state: 'submitting',
      venue: 'bitmart',
      tried: ['gateio'],
    });
  });

  it('leaves every invariant whole', async () => {
    expect(await violationsIn(intake)).toEqual([]);
  });
});
