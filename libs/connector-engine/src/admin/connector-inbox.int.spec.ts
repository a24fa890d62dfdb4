import { Inbox } from '@sluice/service-shell';
import { withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import type { BreakClosings } from '../breaks/breaks.js';
import { AN_ATTEMPT, givenTables, type TestTables } from '../testkit/given-tables.js';
import { ConnectorInbox } from './connector-inbox.js';

const id = (n: number) => `0193a000-0000-7000-8000-00000000000${n}`;

describe('the inbox of a connector', () => {
  let postgres: TestPostgres;
  let tables: TestTables;
  let inbox: Inbox;
  beforeAll(async () => {
    postgres = await withTestPostgres();
    tables = await givenTables(postgres, 'connector_inbox');
    inbox = new Inbox(tables.service);
    const closings: Pick<BreakClosings, 'verified'> = { verified: [] };
    new ConnectorInbox(inbox, closings as BreakClosings, { venue: 'gateio' });
  });
  afterAll(async () => {
    await tables.close();
    await postgres.stop();
  });

  const cases = async () => (await inbox.items()).filter(({ kind }) => kind === 'case');
  const newCases = (count: number) =>
    tables.database.query(
      `INSERT INTO submission_case (withdrawal_id, kind, text) SELECT $1, 'k' || gen_random_uuid(), 'a case' FROM generate_series(1, $2::int)`,
      [id(3), count],
    );

  it('has undecided payments and disputes, and says when its search has reached its bound', async () => {
    for (const [n, state] of [
      [1, 'undecided'],
      [2, 'disputed'],
      [3, 'settled'],
    ] as const)
      await tables.database.query(
        `INSERT INTO submission (withdrawal_id, account_id, form, asset, amount, destination, client_reference, state, venue_reference, digest, fee, key_id, order_mac, timed_receipt, unsent_seal, created_at, ${Object.keys(AN_ATTEMPT).join(', ')})
         VALUES ($1::uuid, $1::uuid, 'pay', 'USDT.ETH', 5, '{}', $2::text, $2::text, $2::text, '', 0, '', '', '', '', now() - interval '1 hour', ${Object.values(AN_ATTEMPT).join(', ')})`,
        [id(n), state],
      );
    await tables.database.query(
      `INSERT INTO submission_case (withdrawal_id, kind, text) VALUES ($1, 'a', 'another amount'), ($1, 'b', 'another address')`,
      [id(2)],
    );
    await newCases(9_997);
    const before = await cases();
    await newCases(1);

    expect(before).toMatchObject([
      { withdrawal_id: id(1), venue: 'gateio', asset: 'USDT.ETH', people: 2, more: false },
      { withdrawal_id: id(2), title: expect.stringContaining('disagree') as string, more: false },
    ]);
    expect((await cases()).map(({ more }) => more)).toEqual([true, true]);
  });
});
