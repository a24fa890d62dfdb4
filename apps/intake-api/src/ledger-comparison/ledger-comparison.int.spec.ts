import { randomUUIDv7 } from 'node:crypto';
import { withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import { aStored } from '../testkit/a-withdrawal.js';
import { givenApi, givenLedgerApi, type TestApi } from '../testkit/given-api.js';
import { givenAccount } from '../testkit/given-intake.js';
import { A_MAC } from '../testkit/inbound-events.js';
import {
  findByIds,
  insertWithdrawals,
  updateWithdrawals,
} from '../withdrawals/withdrawal-store.js';
import { HoldsWithoutWithdrawal } from './holds-without-withdrawal.js';
import { LedgerComparison } from './ledger-comparison.js';
import { RecoverLedger } from './recover-ledger.js';

const NOW = new Date();
const HEAD = { shard: 0, sequence: '7', hash: 'ab', key: null, signature: null };

describe('withdrawals and the holds that a ledger answers', () => {
  let postgres: TestPostgres;
  let ledger: Awaited<ReturnType<typeof givenLedgerApi>>;
  let api: TestApi;
  let comparison: LedgerComparison;
  let accountId: string;
  let answer: object;
  let sentAgain: object;
  let placed: object = [];
  beforeAll(async () => {
    postgres = await withTestPostgres();
    ledger = await givenLedgerApi((target) => {
      if (target.startsWith('/internal/holds?')) return placed;
      return target.endsWith('/again') ? sentAgain : answer;
    });
    api = await givenApi(await postgres.createDatabase('intake'), { LEDGER_URL: ledger.url });
    comparison = api.app.get(LedgerComparison);
    accountId = await givenAccount(api.database);
  });
  afterAll(async () => {
    await api.close();
    await ledger.close();
    await postgres.stop();
  });

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
        },
      ]);
      updateWithdrawals(tx, [{ ...stored, receipt: 'given', assignedProof: A_MAC }], NOW);
    });
    await api.database.query(
      `UPDATE withdrawal SET state = 'submitted', venue = 'bybit', tried = '{gateio}' WHERE id = $1`,
      [id],
    );
    return id;
  };
  const holdAt = (withdrawal_id: string, venue: string) => ({
    ...{ heads: [HEAD], lost: [], detached_before: null },
    holds: [
      {
        ...{ withdrawal_id, account_id: accountId, asset: 'USDT.ETH', amount: '6' },
        ...{ state: 'placed', venue, captured: null, fee: null, venue_fee: null },
      },
    ],
  });
  const differences = () =>
    api.database.query(
      'SELECT withdrawal_id, kind, detail FROM ledger_difference WHERE resolved_at IS NULL',
    );
  const halts = () => api.database.query('SELECT reason FROM halt WHERE lifted_at IS NULL');

  it('a hold that went back to the venue before is a difference until the ledger has assigned it again', async () => {
    const id = await givenFailedOver();
    answer = holdAt(id, 'gateio');
    await comparison.compareNamed([id]);

    expect(await differences()).toEqual([
      {
        withdrawal_id: id,
        kind: 'assignment_missing',
        detail: 'it is submitted at bybit; its hold is still at gateio',
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

  it('a placed hold without a withdrawal is named until the withdrawal is on record, or the hold has ended', async () => {
    const coming = aStored({ accountId });
    const [lost, ended] = [coming.withdrawal.order.id, randomUUIDv7()];
    const known = await givenFailedOver();
    const held = (withdrawal_id: string) => ({
      ...{ withdrawal_id, account_id: accountId, asset: 'USDT.ETH', amount: '6', state: 'placed' },
      ...{ reason: null, decided_at: NOW.toISOString(), expires_at: null },
      ...{ submission_started_at: null, closed_at: null },
    });
    const named = () =>
      api.database.query(
        'SELECT withdrawal_id, amount FROM hold_without_withdrawal WHERE resolved_at IS NULL ORDER BY withdrawal_id',
      );
    const comparing = api.app.get(HoldsWithoutWithdrawal);
    placed = [known, lost, ended].map(held);
    answer = holdAt(lost, 'gateio');

    await comparing.compare();
    expect(await named()).toEqual(
      [lost, ended].sort().map((id) => ({ withdrawal_id: id, amount: '6' })),
    );
    await comparing.compare(); // the ledger answers that one of the two is still placed
    placed = [lost].map(held);
    await comparing.compare();
    expect(await named()).toEqual([{ withdrawal_id: lost, amount: '6' }]);

    await givenFailedOver(coming);
    await comparing.compare();
    expect(await named()).toEqual([]);
  });
});
