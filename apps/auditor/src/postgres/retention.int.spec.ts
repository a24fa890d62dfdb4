import { type Database, sweep } from '@sluice/postgres';
import { TABLES, tablesInDocs } from '@sluice/test-kit';
import { givenAuditor } from '../testkit/given-auditor.js';

const ACCOUNT = '0d6f1c1e-5b0a-4f0e-9f63-2f5a6c2f7b11';
const DAY_MS = 86_400_000;

/** A version 7 id of so many days ago. */
function idOf(daysAgo: number): string {
  const hex = (Date.now() - daysAgo * DAY_MS).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}

describe('retention', () => {
  let owner: Database;
  let service: Database;
  beforeAll(async () => {
    ({ owner, service } = await givenAuditor());
  });
  afterAll(() => Promise.all([owner.close(), service.close()]));

  it('names each table in the operators’ manual', async () => {
    const tables = await owner.query<{ name: string }>(TABLES);
    expect(tables.map(({ name }) => name).sort()).toEqual(tablesInDocs('auditor'));
  });

  it('removes a withdrawal with its order and payment, and keeps what has not ended', async () => {
    for (const [days, ended] of [
      [60, true],
      [59, false],
    ] as const) {
      const [id, at] = [idOf(days), new Date(Date.now() - days * DAY_MS)];
      await owner.query(
        `INSERT INTO audited_withdrawal (withdrawal_id, account_id, asset, amount, placed_at, seen_at, state, ended_seen_at)
         VALUES ($1, $2, 'USDT.ETH', 1, $3, $3, $4, $5)`,
        [id, ACCOUNT, at, ended ? 'captured' : 'placed', ended ? at : null],
      );
      await owner.query(
        `INSERT INTO audited_order (withdrawal_id, venue, asset, amount, destination, equality_key, ordered_at)
         VALUES ($1, 'x', 'USDT.ETH', 1, 'd', 'k', $2)`,
        [id, at],
      );
      await owner.query(
        `INSERT INTO venue_payment (venue, venue_reference, form, currency, status, venue_status, created_at, last_seen_at, withdrawal_id)
         VALUES ('x', $1, 'chain', 'USDT', 'settled', 'DONE', $3, $3, $2)`,
        [id, id, at],
      );
      await owner.query(
        `INSERT INTO wallet_gas (network, address, hour, spent, transactions) VALUES ('ETH', 'a', $1, 1, 1)`,
        [ended ? at : new Date()],
      );
    }
    for (let call = 0; call < 2; call++) {
      await owner.query(
        `UPDATE retention SET cutoff_set_at = cutoff_set_at - interval '3 minutes'`,
      );
      await sweep(service, { days: 30 });
    }

    for (const table of ['audited_withdrawal', 'audited_order', 'venue_payment'])
      expect(await owner.query(`SELECT withdrawal_id FROM ${table}`)).toEqual([
        { withdrawal_id: expect.any(String) as string },
      ]);
    expect(await owner.query('SELECT FROM wallet_gas')).toHaveLength(1);
    expect(await owner.query('SELECT state FROM audited_withdrawal')).toEqual([
      { state: 'placed' },
    ]);
  });
});
