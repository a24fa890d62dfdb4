import { decode, ledgerCommands, withdrawalEvents } from '@sluice/messages';
import { Amount, assetOf } from '@sluice/kernel';
import { createLogger, type Platform } from '@sluice/service-shell';
import { testDatabase } from '@sluice/test-servers';
import type { State } from '@sluice/withdrawal-core';
import { aStored, REFERENCES } from '../testkit/a-withdrawal.js';
import { givenApi, givenLedgerApi, type TestApi } from '../testkit/given-api.js';
import { givenAccount, published } from '../testkit/given-intake.js';
import { A_MAC, A_TIMED_RECEIPT, anEvent } from '../testkit/inbound-events.js';
import { findByIds, updateWithdrawals, type StoredWithdrawal } from '../rows/withdrawal-store.js';
import { OrderAuthority } from '../orders/order-authority.js';
import { insertWithdrawals } from '../rows/withdrawal-writes.js';
import { eventOf } from '../testkit/published-events.js';
import { placeHoldMessage } from '../wire/wire.js';
import { timeOfId } from '../rows/id-time.js';
import { LedgerComparison } from './ledger-comparison.js';
import { LostEverywhere, RestoreLost } from './restore-lost.js';
import { LostWithdrawals } from './lost-withdrawals.js';
import { RecoverLedger } from './recover-ledger.js';
import { LostTermsReader } from './lost-terms-reader.js';

const USDT = assetOf('USDT', 'ETH');
type ReadNewest = NonNullable<Platform['readNewest']>;
const NOW = new Date();
const HEAD = { shard: 0, sequence: '7', hash: 'ab', key: null, signature: null };

describe('withdrawals and the holds that a ledger answers', () => {
  let ledger: Awaited<ReturnType<typeof givenLedgerApi>>;
  let api: TestApi;
  let comparison: LedgerComparison;
  let accountId: string;
  let answer: object;
  let sentAgain: object;
  let found: object = [];
  beforeAll(async () => {
    ledger = await givenLedgerApi((target) => {
      if (target.endsWith('/found')) return found;
      return target.endsWith('/again') ? sentAgain : answer;
    });
    api = await givenApi(await testDatabase('intake'), { LEDGER_URL: ledger.url });
    comparison = api.app.get(LedgerComparison);
    accountId = await givenAccount(api.database);
  });
  afterAll(() => Promise.all([api.close(), ledger.close()]));

  /** A withdrawal that gateio refused and that bybit has; the ledger has answered that its hold is at bybit. */
  const givenFailedOver = async (stored = aStored({ accountId })): Promise<string> => {
    const { id } = stored.withdrawal.order;
    await api.unitOfWork.run(async (tx) => {
      await insertWithdrawals(tx, [
        {
          ...stored,
          order: stored.withdrawal.order,
          seal: stored.seal ?? '',
          venueClientReference: stored.venueClientReference ?? '',
          firstStep: { trigger: 'requested', detail: 'd', decision: null },
        },
      ]);
      updateWithdrawals(
        tx,
        [{ ...stored, timedReceipt: A_TIMED_RECEIPT, assignedProof: A_MAC }],
        [],
        NOW,
      );
    });
    await api.database.query(
      `UPDATE withdrawal SET state = 'submitted', venue = 'bybit', tried = '{gateio}' WHERE id = $1`,
      [id],
    );
    return id;
  };
  const holdAt = (withdrawal_id: string, venue: string) => ({
    heads: [HEAD],
    lost: [],
    detached_before: null,
    holds: [
      {
        withdrawal_id,
        account_id: accountId,
        asset: 'USDT.ETH',
        amount: '6',
        state: 'placed',
        venue,
        captured: null,
        fee: null,
        venue_fee: null,
      },
    ],
  });
  const differences = () =>
    api.database.query(
      'SELECT withdrawal_id, kind, detail FROM ledger_difference WHERE resolved_at IS NULL',
    );
  const halts = () => api.database.query('SELECT reason FROM halt WHERE lifted_at IS NULL');

  it('are compared within two intervals, whatever time of the next run the login has stored', async () => {
    const compared = async () =>
      (await api.database.query('SELECT compared_at FROM ledger_comparison'))[0];
    answer = { heads: [HEAD], lost: [], detached_before: null, holds: [] };
    await api.service.query(`UPDATE ledger_comparison SET next_run_at = '2036-01-01'`);
    expect(await comparison.runIfDue()).toBe(false);
    const before = await compared();

    const { now } = performance;
    performance.now = () => now.call(performance) + 85_000;
    try {
      expect(await comparison.runIfDue()).toBe(true);
    } finally {
      performance.now = now;
    }

    expect(await compared()).not.toEqual(before);
    expect(await comparison.runIfDue()).toBe(false);
    // The next run stays far away: a run by itself would resolve the differences of the next tests.
  });

  it('a hold that went back to the venue before is a difference until the ledger has assigned it again', async () => {
    const id = await givenFailedOver();
    answer = holdAt(id, 'gateio');
    await comparison.compareNamed([id]);

    expect(await differences()).toEqual([
      {
        withdrawal_id: id,
        kind: 'assignment_missing',
        detail: 'the withdrawal is submitted at bybit; the hold is still assigned to gateio',
      },
    ]);
    expect(await halts()).toEqual([{ reason: 'ledger_apart' }]);

    answer = holdAt(id, 'bybit');
    await comparison.compareNamed([id]);

    expect(await differences()).toEqual([]);
  });

  it('the proof that an assignment was answered for is read back', async () => {
    const id = await givenFailedOver();

    expect(await findByIds(api.database, [id])).toMatchObject([{ assignedProof: A_MAC }]);
  });

  it('what two people have approved is sent to the last one, whatever the ledger refuses of 500 older ones', async () => {
    const id = await givenFailedOver();
    await api.database.query(
      `INSERT INTO ledger_difference (withdrawal_id, kind, detail, requested_by, approved_by, evidence)
       SELECT v.id, 'hold_missing', 'test', 'ann', 'bob', 'test'
         FROM (SELECT lpad(n::text, 32, '0')::uuid AS id FROM generate_series(1, 500) n UNION ALL SELECT $1::uuid) v`,
      [id],
    );
    answer = holdAt(id, 'bybit');
    sentAgain = [{ withdrawal_id: id, refusal: 'not yet' }];
    await api.app.get(RecoverLedger).sendApproved();

    expect(
      await api.database.query('SELECT withdrawal_id FROM ledger_difference WHERE answer = $1', [
        'not yet',
      ]),
    ).toEqual([{ withdrawal_id: id }]);
  });

  describe('a hold without a withdrawal', () => {
    const lostOf = ({ withdrawal: { order }, digest }: StoredWithdrawal, state = 'placed') => ({
      withdrawal_id: order.id,
      account_id: accountId,
      asset: 'USDT.ETH',
      amount: '6',
      state,
      venue: 'gateio',
      digest,
      reference: null,
      placed_at: NOW.toISOString(),
    });
    const lost = () =>
      api.database.query(
        'SELECT withdrawal_id, amount, state FROM lost_withdrawal WHERE resolved_at IS NULL',
      );
    const publishedBy = (...events: readonly ReturnType<typeof eventOf>[]): ReadNewest =>
      ((topic) =>
        Promise.resolve(topic.name === withdrawalEvents.name ? events : [])) as ReadNewest;
    const holdAskedFor = (stored: StoredWithdrawal): ReadNewest =>
      ((topic) => {
        const decoded = decode(ledgerCommands, placeHoldMessage(stored, NOW));
        return Promise.resolve(
          topic.name === ledgerCommands.name && decoded.ok ? [decoded.value] : [],
        );
      }) as ReadNewest;
    const restoring = (readNewest: ReadNewest) =>
      new RestoreLost(
        ...([api.unitOfWork, api.app.get(LostWithdrawals)] as const),
        new LostEverywhere(api.database, api.app.get(OrderAuthority), { readNewest }),
        new LostTermsReader(
          ...([api.database, api.app.get(OrderAuthority), REFERENCES, { readNewest }] as const),
          createLogger('intake-api', 'silent'),
        ),
        createLogger('intake-api', 'silent'),
      );
    beforeEach(async () => {
      await api.database.query(
        `INSERT INTO api_key (key_id, generation, account_id, label, sealed, permissions, rate_limit_per_min, allowed_ips)
         VALUES ('ck_1', 1, $1, 'x', '{}', '{}', 1, '{}') ON CONFLICT DO NOTHING`,
        [accountId],
      );
      await api.database.query(
        `UPDATE ledger_comparison SET holds_compared_to = '00000000-0000-7000-8000-000000000000'`,
      );
    });

    it('is put on record from the command for its hold, where no step was published', async () => {
      const stored = { ...aStored({ accountId }), number: '4141' };
      const { id, destination } = stored.withdrawal.order;
      found = [lostOf(stored)];

      await restoring(holdAskedFor(stored)).run();

      expect(await lost()).toEqual([]);
      expect(await findByIds(api.database, [id])).toMatchObject([
        {
          number: '4141',
          digest: stored.digest,
          decimals: stored.decimals,
          withdrawal: { state: 'requested', sequence: 1, published: 0, order: { destination } },
        },
      ]);
      expect(await published(api.database, id)).toMatchObject([{ type: 'ledger.place-hold.v1' }]);
    });

    it('is named while no published event has its terms', async () => {
      const stored = aStored({ accountId });
      const known = aStored({ accountId });
      await givenFailedOver(known);
      const forged = aStored({ ...stored.withdrawal.order, amount: Amount.of('1', USDT) });
      found = [lostOf(stored, 'captured'), lostOf(known)];

      await restoring(publishedBy(eventOf(forged, 'submitting'))).run();

      expect(await lost()).toEqual([
        { withdrawal_id: stored.withdrawal.order.id, amount: '6', state: 'captured' },
      ]);
      await api.database.query('UPDATE lost_withdrawal SET resolved_at = now()');
    });

    it('is not put on record because of a row that is only in this database', async () => {
      const forged = aStored({ accountId });
      await api.database.query(
        `INSERT INTO lost_withdrawal (withdrawal_id, account_id, asset, amount, state, placed_at)
         VALUES ($1, $2, 'USDT.ETH', 6, 'placed', now())`,
        [forged.withdrawal.order.id, accountId],
      );
      found = [];

      await restoring(publishedBy(eventOf(forged, 'submitting'))).run();

      expect(await findByIds(api.database, [forged.withdrawal.order.id])).toEqual([]);
      await api.database.query('UPDATE lost_withdrawal SET resolved_at = now()');
    });

    it('holds new requests back until every hold up to the restore was compared', async () => {
      const behind = async () =>
        (await api.database.query<{ behind: boolean }>('SELECT behind FROM life'))[0]?.behind;
      const begin = (agoSql: string) =>
        api.database.query(
          `INSERT INTO life (alive_at, began_at, behind) VALUES (clock_timestamp(), clock_timestamp() - $1::interval, true)
           ON CONFLICT (only_row) DO UPDATE SET began_at = excluded.began_at, behind = true`,
          [agoSql],
        );
      found = [];
      await begin('60 seconds');
      await restoring(() => Promise.resolve([])).run();
      expect(await behind()).toBe(true);

      await begin('71 seconds');
      await restoring(() => Promise.resolve([])).run();
      expect(await behind()).toBe(false);
      await api.database.query('UPDATE life SET began_at = NULL');
    });

    it('is put on record from its newest step, under its number, and goes on after that step', async () => {
      const stored = { ...aStored({ accountId }), number: '4242' };
      const { id } = stored.withdrawal.order;
      const step = (sequence: number, state: State) => eventOf(stored, state, { sequence });
      found = [lostOf(stored)];
      await api.database.query('UPDATE recovery SET scan_next_to = greatest(scan_next_to, 4242)');

      await restoring(publishedBy(step(2, 'broadcast'), step(1, 'submitting'))).run();

      expect(await lost()).toEqual([]);
      const [again] = await findByIds(api.database, [id]);
      expect(again).toMatchObject({
        number: '4242',
        digest: stored.digest,
        decimals: 6,
        orderedAt: new Date(timeOfId(id)),
        withdrawal: {
          state: 'requested',
          sequence: 1,
          published: 2,
          venue: 'gateio',
          order: {
            pinned: true,
            clientReference: null,
            destination: stored.withdrawal.order.destination,
          },
        },
      });
      expect(await published(api.database, id)).toMatchObject([{ type: 'ledger.place-hold.v1' }]);
      expect(
        await api.database.query('SELECT id FROM open_withdrawal WHERE id = $1', [id]),
      ).toHaveLength(1);

      await restoring(publishedBy(step(2, 'broadcast'))).run(); // found once more: it is on record
      expect(await lost()).toEqual([]);
    });

    it('waits for people again after the repeated command for its hold', async () => {
      const stored = { ...aStored({ accountId }), number: '4353' };
      const { id } = stored.withdrawal.order;
      found = [lostOf(stored)];
      await api.database.query('UPDATE recovery SET scan_next_to = greatest(scan_next_to, 4353)');

      await restoring(publishedBy(eventOf(stored, 'awaiting_approval'))).run();
      expect(await published(api.database, id)).toMatchObject([{ type: 'ledger.place-hold.v1' }]);
      await api.saga.take([anEvent(id, 'approval_asked')]);

      const [again] = await findByIds(api.database, [id]);
      expect(again?.withdrawal).toMatchObject({ state: 'awaiting_approval', published: 2 });
    });

    describe('that the ledger has lost too', () => {
      beforeEach(async () => {
        found = [];
        await api.database.query(
          `UPDATE ledger_comparison SET holds_compared_to = 'ffffffff-ffff-7fff-bfff-ffffffffffff'`,
        );
        await api.database.query('UPDATE life SET began_at = clock_timestamp()');
      });
      afterEach(() => api.database.query('UPDATE life SET began_at = NULL'));
      const sealed = (number: string) => {
        const one = aStored({ accountId });
        const seal = api.app.get(OrderAuthority).seal(one.digest);
        return { ...one, number, seal };
      };
      const stepOf = (stored: StoredWithdrawal, state: State) =>
        eventOf(stored, state, { sequence: 2 });
      const both =
        (asked: StoredWithdrawal, ...steps: readonly ReturnType<typeof eventOf>[]): ReadNewest =>
        async (topic, most) => [
          ...(await holdAskedFor(asked)(topic, most)),
          ...(await publishedBy(...steps)(topic, most)),
        ];

      it('is put on record, and its hold is asked for again', async () => {
        const stored = sealed('4343');
        const { id } = stored.withdrawal.order;
        await restoring(both(stored, stepOf(stored, 'broadcast'))).run();
        await restoring(both(stored, stepOf(stored, 'broadcast'))).run();

        expect(await findByIds(api.database, [id])).toMatchObject([
          {
            number: '4343',
            orderedAt: new Date(timeOfId(id)),
            withdrawal: { state: 'requested', published: 2, venue: 'gateio', cancel: null },
          },
        ]);
        expect(await published(api.database, id)).toMatchObject([{ type: 'ledger.place-hold.v1' }]);
      });

      it('is put on record as cancelled where its customer was told so', async () => {
        const stored = sealed('4344');
        await restoring(both(stored, stepOf(stored, 'cancelled'))).run();

        expect(await findByIds(api.database, [stored.withdrawal.order.id])).toMatchObject([
          { withdrawal: { state: 'requested', cancel: { requestedBy: 'restore:cancelled' } } },
        ]);
      });

      it('is not put on record where its hold was never placed, or where the seal is not ours', async () => {
        const refused = sealed('4345');
        const forged = { ...sealed('4346'), seal: A_MAC };
        await restoring(both(refused)).run();
        await restoring(both(forged, stepOf(forged, 'broadcast'))).run();

        expect(
          await findByIds(api.database, [refused.withdrawal.order.id, forged.withdrawal.order.id]),
        ).toEqual([]);
      });
    });
  });
});
