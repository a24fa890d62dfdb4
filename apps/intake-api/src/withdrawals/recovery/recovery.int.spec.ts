import { randomUUID } from 'node:crypto';
import { monotonicMs } from '@sluice/runtime';
import { unpackMessages } from '@sluice/postgres';
import { createLogger } from '@sluice/service-shell';
import type { Order } from '@sluice/withdrawal-core';
import { WithdrawalWaiters } from '../waiting/waiters.js';
import { type Saga } from '../saga/saga.js';
import { WithdrawalReports } from '../withdrawals.admin.controller.js';
import { CancelWithdrawal } from '../cancelling/cancel-withdrawal.js';
import { anOrder, AUTHORITY } from '../../testkit/a-withdrawal.js';
import {
  countCases,
  countOf,
  givenAccount,
  published,
  type Published,
  type TestInstance,
} from '../../testkit/given-intake.js';
import { A_MAC, anEvent, holdAssigned, type FactTrigger } from '../../testkit/inbound-events.js';
import { digestOf } from '../../orders/order-authority.js';
import { PublishStepsAgain } from './publish-steps-again.js';
import { Recovery } from './recovery.js';
import { givenIntake, NO_RESTORE, givenSaga, placeOrder } from '../../testkit/given-saga.js';

describe('what Kafka has lost is asked for again', () => {
  let intake: TestInstance;
  let accountId: string;
  let saga: Saga;
  let waiters: WithdrawalWaiters;
  let recovery: Recovery;
  beforeAll(async () => {
    ({ intake, accountId } = await givenIntake());
    waiters = new WithdrawalWaiters(intake.service);
    saga = givenSaga(intake, { waiters });
    recovery = aRecovery();
  });
  beforeEach(() =>
    run(
      'DELETE FROM open_withdrawal',
      'UPDATE recovery SET scan_next_to = (SELECT coalesce(max(number), 0) FROM withdrawal), was_blocked = false',
      'UPDATE recovery SET scanned_to = scan_next_to',
      'UPDATE account SET ledger_opened_at = now()',
    ),
  );
  afterAll(() => intake.close());

  const aRecovery = () =>
    new Recovery(
      intake.unitOfWork,
      AUTHORITY,
      createLogger('test', 'silent'),
      {
        onLogLoss: () => undefined,
      },
      NO_RESTORE,
    );
  async function run(...statements: readonly string[]): Promise<void> {
    for (const sql of statements) await intake.database.query(sql);
  }
  async function given(
    facts: readonly FactTrigger[],
    change: Partial<Order> = {},
  ): Promise<string> {
    const order = anOrder({ accountId, ...change });
    await placeOrder(intake, order);
    for (const trigger of facts) await saga.take([anEvent(order.id, trigger)]);
    return order.id;
  }
  /** Whatever was published is gone, and so long ago that nobody can be answering it any more. */
  const lose = () =>
    run(
      'DELETE FROM outbox',
      `UPDATE withdrawal SET updated_at = updated_at - interval '20 seconds'`,
      `UPDATE account SET created_at = created_at - interval '20 seconds'`,
      `UPDATE open_withdrawal SET look_at = look_at - interval '20 seconds'`,
    );
  const askToCancel = (id: string) =>
    new CancelWithdrawal(intake.unitOfWork, waiters, AUTHORITY).run(
      id,
      'ck_1',
      { askedMs: 0, venueMs: 0 },
      monotonicMs(),
    );
  const missing = (id: string, messageId: string, by = 'gateio') =>
    saga.take([{ id: messageId, change: { kind: 'missing', withdrawalId: id, by } }]);
  async function runNow(): Promise<boolean> {
    await recovery.repeatAll();
    return recovery.runIfDue();
  }
  /** Two runs: the first sees how far to scan, the second scans. */
  async function recover(): Promise<Published[]> {
    await runNow();
    await runNow();
    return published(intake.database);
  }
  const short = (messages: readonly Published[]) =>
    messages.map(({ type }) => type.replace('.v1', ''));

  it.each<[string, readonly FactTrigger[], readonly string[]]>([
    ['requested', [], ['ledger.place-hold']],
    ['awaiting_approval', ['approval_asked'], ['ledger.place-hold']],
    ['capturing', ['hold_placed', 'accepted', 'settled'], ['ledger.capture-hold']],
    ['releasing', ['hold_placed', 'refused'], ['ledger.release-hold']],
    ['cancelling', ['hold_placed', 'cancelled'], ['ledger.release-hold']],
  ])(
    'a command to the ledger that was lost is sent again while the withdrawal is %s',
    async (_state, facts, types) => {
      const id = await given(facts);
      const before = await published(intake.database, id);
      await lose();

      const again = await recover();

      expect(short(again)).toEqual(types);
      const firstOf = (type: string) => before.find((message) => message.type === type);
      expect(again.map(({ type, key, data }) => ({ type, key, data }))).toEqual(
        again.map(({ type }) => ({ type, key: accountId, data: firstOf(type)?.data })),
      );
    },
  );

  it('a hold that waits for people is asked for at long intervals, its release after a cancel request at once', async () => {
    const id = await given(['approval_asked']);
    await lose();
    await recover();
    await run('DELETE FROM outbox');
    const asked: string[] = [];
    const runs = async (count: number) => {
      for (let number = 0; number < count; number++) {
        await run(
          'UPDATE recovery SET next_run_at = clock_timestamp()',
          `UPDATE open_withdrawal SET look_at = look_at - interval '10 seconds'`,
        );
        await recovery.runIfDue();
      }
      asked.push(short(await published(intake.database)).join(', '));
      await run('DELETE FROM outbox');
    };

    await runs(30);
    await askToCancel(id);
    await lose();
    await run(
      `UPDATE withdrawal SET cancel_requested_at = cancel_requested_at - interval '20 seconds'`,
    );
    await runs(2);

    expect(asked).toEqual(['ledger.place-hold', 'ledger.place-hold, ledger.release-hold']);
  });

  it('an open withdrawal is looked at again when its look is due, or after the clock was set back', async () => {
    await given(['hold_placed', 'accepted']);
    await lose();
    await recover();
    const runWith = async (lookAt: string) => {
      await run('DELETE FROM outbox', 'UPDATE recovery SET next_run_at = clock_timestamp()');
      await run(`UPDATE open_withdrawal SET look_at = ${lookAt}`);
      await recovery.runIfDue();
      return short(await published(intake.database));
    };

    expect(await runWith(`now() + interval '1 minute'`)).toEqual([]);
    expect(await runWith('now()')).toEqual(['venue.report-submissions']);
    expect(await runWith('look_at')).toEqual([]);
    expect(await runWith(`now() + interval '1 hour'`)).toEqual(['venue.report-submissions']);
  });

  it('a withdrawal that people have approved is looked at soon', async () => {
    const id = await given(['approval_asked']);
    await lose();
    await recover();
    const isDue = async () =>
      countOf(intake.database, `open_withdrawal WHERE id = '${id}' AND look_at <= now()`);
    expect(await isDue()).toBe(0);

    await saga.take([anEvent(id, 'hold_placed')]);

    expect(await isDue()).toBe(1);
  });

  it("the venue's fee is asked to be booked until it is, also when the withdrawal has ended", async () => {
    const id = await given(['hold_placed', 'accepted', 'settled', 'hold_captured']);
    await lose();
    expect(short(await recover())).toEqual(['ledger.record-venue-fee']);

    await run('DELETE FROM outbox');
    await saga.take([{ id: `fee of ${id}`, change: { kind: 'fee_recorded', withdrawalId: id } }]);
    await lose();

    expect(await recover()).toEqual([]);
    expect(await countOf(intake.database, 'open_withdrawal')).toBe(0);
  });

  it('an account that the ledger has not opened is asked to be opened again, until it says so', async () => {
    await run('UPDATE account SET ledger_opened_at = NULL');
    await lose();
    expect((await recover()).map(({ type, data }) => [type, data])).toContainEqual([
      'ledger.open-account.v1',
      { accountId, name: 'test' },
    ]);

    await saga.take([{ id: 'opened', change: { kind: 'account_opened', accountId } }]);
    await lose();

    expect(await recover()).toEqual([]);
  });

  it.each<[string, readonly FactTrigger[]]>([
    ['submitting', ['hold_placed']],
    ['uncertain', ['hold_placed', 'outcome_unknown']],
    ['undecided', ['hold_placed', 'decision_needed']],
    ['submitted', ['hold_placed', 'accepted']],
    ['broadcast', ['hold_placed', 'accepted', 'broadcast']],
  ])('its connector is asked about one that is %s and does not move', async (state, facts) => {
    const id = await given(facts);
    await lose();

    expect((await recover()).map(({ topic, data }) => ({ topic, data }))).toEqual([
      {
        topic: 'venue.gateio.commands',
        data: { withdrawalId: id, items: [{ withdrawalId: id, state }] },
      },
    ]);
  });

  it('its connector is asked about one whose number is below those that were scanned, because the clock was set back', async () => {
    const anHour = 3_600_000 * 2_048; // a number is milliseconds and eleven bits
    await run(
      `UPDATE recovery SET scanned_to = scan_next_to + ${anHour}, scan_next_to = scan_next_to + ${anHour}`,
    );
    const id = await given(['hold_placed']);
    await lose();
    await runNow();

    expect((await published(intake.database)).map(({ data }) => data)).toEqual([
      { withdrawalId: id, items: [{ withdrawalId: id, state: 'submitting' }] },
    ]);
  });

  it('an order that never reached its connector, with a request to cancel, is sent again with a deadline that has passed, and the cancel behind it', async () => {
    const id = await given(['hold_placed'], { submitWithinMs: 60_000 });
    const [first] = (await published(intake.database, id)).filter(
      ({ type }) => type === 'venue.submit-withdrawal.v1',
    );
    await askToCancel(id);
    await lose();

    await missing(id, `missing ${id}`);

    const [submit, cancel, ...more] = await published(intake.database, id);
    expect(submit?.data).toEqual({
      ...first?.data,
      notAfter: expect.any(String) as string,
      order: expect.any(String) as string,
    });
    expect(Date.parse(String(submit?.data['notAfter']))).toBeLessThanOrEqual(Date.now());
    expect([cancel?.type, more]).toEqual(['venue.cancel-withdrawal.v1', []]);
  });

  it('the cause that holds an order at its venue is shown, and is no progress', async () => {
    const id = await given(['hold_placed']);
    const shown = () =>
      intake.database.query<{ waits_for: string | null; updated_at: Date }>(
        'SELECT waits_for, updated_at FROM withdrawal WHERE id = $1',
        [id],
      );
    const [before] = await shown();
    const waits = (by: string, cause: string) =>
      saga.take([
        { id: `${by} ${cause} ${id}`, change: { kind: 'waits', withdrawalId: id, by, cause } },
      ]);

    await waits('gateio', 'pause');
    await waits('bybit', 'halt'); // not its venue

    expect(await shown()).toEqual([{ ...before, waits_for: 'gateio pause' }]);
    const report = await new WithdrawalReports(intake.service).find(id);
    expect(report?.awaits).toMatch(/^the end of a pause of the venue \(next: sluice doctor;/);
  });

  it('an order that its connector does not take is no progress, and is reported by a case after a quarter of an hour', async () => {
    const id = await given(['hold_placed'], { submitWithinMs: 60_000 });
    await askToCancel(id);
    const missed = async (number: number) => {
      await missing(id, `missing ${number} ${id}`);
      const cases = await countCases(intake.database, id);
      const rows = await intake.database.query<{ at: Date }>(
        'SELECT updated_at AS at FROM withdrawal WHERE id = $1',
        [id],
      );
      return { cases, at: rows[0]?.at };
    };

    const first = await missed(1);
    expect(await missed(2)).toEqual({ cases: 0, at: first.at });

    await run(`UPDATE withdrawal SET ordered_at = ordered_at - interval '16 minutes'`);
    expect([await missed(3), await missed(4)]).toEqual([
      { cases: 1, at: first.at },
      { cases: 1, at: first.at },
    ]);
  });

  it('the second venue of a withdrawal is given its order again with its own deadline', async () => {
    await run(
      `INSERT INTO route (currency, network, position, venue, pays, submit_within_ms) VALUES ('USDT', 'ETH', 9, 'bybit', '{address}', 7000)`,
    );
    const id = await given(['hold_placed'], { submitWithinMs: 60_000 });
    await saga.take([
      {
        id: `r ${id}`,
        change: {
          kind: 'fact',
          withdrawalId: id,
          by: 'gateio',
          fact: () => ({ trigger: 'refused', reason: 'insufficient_venue_funds', message: 'm' }),
          proof: A_MAC,
        },
      },
    ]);
    await lose();
    await missing(id, `never came ${id}`, 'bybit');
    expect((await published(intake.database, id)).map(({ type }) => type)).toEqual([
      'ledger.assign-hold.v1',
    ]);
    await saga.take([holdAssigned(id, 'bybit')]);
    const first = (await published(intake.database, id)).filter(
      ({ topic }) => topic === 'venue.bybit.commands',
    );
    await lose();

    await missing(id, `missing ${id}`, 'bybit');

    const again = await published(intake.database, id);
    expect(again.map(({ topic, data }) => [topic, data])).toEqual(
      first.map(({ topic, data }) => [topic, data]),
    );
    await run(`DELETE FROM route WHERE venue = 'bybit'`);
  });

  it('what a venue has had and its connector has forgotten opens a case, and is ordered again only when it is looked up before it is sent', async () => {
    const id = await given(['hold_placed', 'accepted']);
    await lose();

    for (const message of ['m1', 'm2']) await missing(id, message + id);

    expect(await published(intake.database, id)).toEqual([]);
    expect(await countCases(intake.database, id, 'submission_missing')).toBe(1);

    await run(`UPDATE withdrawal SET ordered_at = ordered_at - interval '3 minutes'`);
    await missing(id, `m3${id}`);
    const [again] = await published(intake.database, id);
    expect([again?.type, again?.data['notAfter']]).toEqual([
      'venue.submit-withdrawal.v1',
      '2100-01-01T00:00:00.000Z', // the end of the ledger's receipt
    ]);
    expect(Date.now() - Date.parse(String(again?.data['orderedAt']))).toBeGreaterThan(120_000);
  });

  it('an event that arrives without the one before it opens no case: its connector is asked, and reports both', async () => {
    const id = await given(['hold_placed']);
    await lose();

    await saga.take([anEvent(id, 'settled')]);

    expect(await countCases(intake.database, id)).toBe(0);
    expect((await published(intake.database)).map(({ data }) => data)).toEqual([
      { withdrawalId: id, items: [{ withdrawalId: id, state: 'submitting' }] },
    ]);
  });

  it('a request to cancel that nobody has answered is sent again', async () => {
    const id = await given(['hold_placed', 'accepted']);
    await askToCancel(id);
    await run(
      `UPDATE withdrawal SET cancel_requested_at = cancel_requested_at - interval '20 seconds'`,
    );
    await lose();

    expect(new Set(short(await recover()))).toEqual(
      new Set(['venue.cancel-withdrawal', 'venue.report-submissions']),
    );
  });

  const ledgerRefuses = (id: string, command: string, reason: string) =>
    saga.take([
      { id: randomUUID(), change: { kind: 'command_refused', withdrawalId: id, command, reason } },
    ]);
  const refusedCases = (id: string) => countCases(intake.database, id, 'command_refused');

  it('what the ledger refuses is not asked of it again and again: it becomes a case', async () => {
    const id = await given(['hold_placed', 'accepted', 'settled']);
    await ledgerRefuses(id, 'ledger.capture-hold.v1', 'exceeds_hold');
    await lose();

    expect(await recover()).toEqual([]);
    expect(await refusedCases(id)).toBe(1);
  });

  it('a fee that came without the capture before it is sent again, with the capture', async () => {
    const id = await given(['hold_placed', 'accepted', 'settled']);
    await lose();
    await ledgerRefuses(id, 'ledger.record-venue-fee.v1', 'hold_not_captured');

    expect(await refusedCases(id)).toBe(0);
    const again = await recover();
    expect(short(again)).toEqual(['ledger.capture-hold']);
    expect(again[0]?.data).toMatchObject({ venueFee: '0.4' });
  });

  it('a fee that the ledger refuses though it has captured becomes a case', async () => {
    const id = await given(['hold_placed', 'accepted', 'settled', 'hold_captured']);
    await ledgerRefuses(id, 'ledger.record-venue-fee.v1', 'hold_not_captured');

    expect(await refusedCases(id)).toBe(1);
  });

  it('asks for nothing while our own messages do not leave, and soon after they do', async () => {
    await given([]);
    await lose();
    await given([]);
    await run(`UPDATE outbox SET created_at = created_at - interval '6 seconds'`);

    expect(await runNow()).toBe(false);
    await run('DELETE FROM outbox');
    expect(await runNow()).toBe(false); // receivers get a moment to answer what has just left
    expect(new Set(short(await recover()))).toEqual(new Set(['ledger.place-hold']));
  });

  it('asks for nothing that is on its way: what is young, and what has ended', async () => {
    await given(['hold_placed', 'refused', 'hold_released']);
    await lose();
    await given([]);
    await run('DELETE FROM outbox');

    expect(await recover()).toEqual([]);
  });

  it('overlooks no withdrawal whose transaction commits late, behind the numbers of others', async () => {
    const late = await intake.database.withClient(async (client) => {
      await client.query('BEGIN');
      await client.query('SELECT pg_current_xact_id()');
      const order = anOrder({ accountId });
      const digest = digestOf(order);
      await client.query(
        `INSERT INTO withdrawal (id, account_id, key_id, currency, network, decimals, destination, amount, fee, venue, pinned, digest, order_seal, venue_client_reference, recipient, first_payment, first_step, state, sequence, requested_at, updated_at)
         VALUES ($1, $2, 'ck_1', 'USDT', 'ETH', 6, $3, 5, 1, 'gateio', false, decode($4, 'hex'), $5, 'v', '', true, '[1, "requested", "requested", null, null, 1]', 'requested', 1, now(), now())`,
        [order.id, accountId, JSON.stringify(order.destination), digest, AUTHORITY.seal(digest)],
      );
      const next = await given([]);
      await lose();
      expect((await recover()).filter(({ data }) => data['withdrawalId'] === next)).toEqual([]); // its number is not looked at yet
      await client.query('COMMIT');
      return order.id;
    });
    await lose();

    expect((await recover()).map(({ data }) => data['withdrawalId'])).toContain(late);
  });

  it.each<[string, string]>([
    ['pays somebody else', `destination = jsonb_set(destination, '{address}', '"0x1"')`],
    ['pays more', 'amount = 777'],
    [
      'is of another account',
      'account_id = (SELECT id FROM account WHERE id <> account_id LIMIT 1)',
    ],
    ['was never asked for', `order_seal = ''`],
    ['has lost its digest', `digest = ''`],
  ])('asks nobody because of a row that %s, and opens a case', async (_what, sql) => {
    await givenAccount(intake.database);
    const id = await given([]);
    await intake.database.query(`UPDATE withdrawal SET ${sql} WHERE id = $1`, [id]);
    await lose();

    expect((await recover()).filter(({ data }) => data['withdrawalId'] === id)).toEqual([]);
    await saga.take([anEvent(id, 'hold_placed')]);
    expect(await published(intake.database, id)).toEqual([]);
    expect(await countCases(intake.database, id, 'order_not_as_requested')).toBe(1);
  });

  it('two instances never make the same run', async () => {
    await given([]);
    await lose();
    await runNow();
    await recovery.repeatAll();
    const other = aRecovery();

    const ran = await Promise.all([recovery.runIfDue(), other.runIfDue()]);

    expect(ran.sort()).toEqual([false, true]);
    expect(short(await published(intake.database))).toEqual(['ledger.place-hold']);
  });

  it('the newest event of each withdrawal is published again, under the id that it had', async () => {
    const ids = [
      await given(['hold_placed']),
      await given(['hold_placed', 'accepted']),
      await given(['approval_asked', 'hold_placed']),
    ];
    ids.push(await given([]), await given(['hold_refused'])); // neither is a withdrawal
    const steps = async () =>
      (await intake.database.query<{ messages: Buffer }>('SELECT messages FROM outbox ORDER BY id'))
        .flatMap(({ messages }) => unpackMessages(messages))
        .filter(({ topic, key }) => topic === 'withdrawal.events' && ids.includes(key))
        .map(({ headers, value }) => [headers['ce_id'], JSON.parse(value) as object]);
    const before = await steps();
    await lose();

    const again = new PublishStepsAgain(intake.unitOfWork, createLogger('test', 'silent'), {
      onLogLoss: () => undefined,
    });
    await Promise.all([again.run(), again.run()]);

    expect(await steps()).toEqual([before[0], before[1], before[3]]);
    expect(before[3]?.[1]).toMatchObject({ approved: true });
  });
});
