import type { InboxItemDto } from '@sluice/http-api';
import { haltBook } from '../book-halt/book-halt.js';
import { givenLedgerApp } from '../testkit/given-ledger-app.js';
import { givenLedger, type TestLedger } from '../testkit/given-ledger.js';

const ACCOUNT = '0193a000-0000-7000-8000-00000000000a';
const id = (n: number) => `0193a000-0000-7000-8000-00000000010${n}`;

describe('the inbox of the ledger', () => {
  let ledger: TestLedger;
  let app: Awaited<ReturnType<typeof givenLedgerApp>>;
  beforeAll(async () => {
    ledger = await givenLedger();
    app = await givenLedgerApp(ledger);
  });
  afterAll(async () => {
    await app.close();
    await ledger.close();
  });

  it('has payments and entries that wait, refused orders, and a halted book', async () => {
    const content = { asset: 'USDT.ETH', amount: '25', venue: 'gateio' };
    const groups = [
      { group: 'board', need: 2 },
      { group: 'risk', need: 1 },
    ];
    await ledger.database.query(
      `INSERT INTO approval_case (withdrawal_id, round, account_id, policy_version, content, digest, quorums, request, asked_at, expires_at, seal, outcome, ended_at)
       VALUES ($1, 1, $3, 1, $4, 'd', $5, '{}', now() - interval '4 hours', now() + interval '1 hour', 's', NULL, NULL),
              ($2, 1, $3, 1, $4, 'd', $5, '{}', now(), now() + interval '1 hour', 's', 'refused', now())`,
      [id(1), id(2), ACCOUNT, JSON.stringify(content), JSON.stringify(groups)],
    );
    await ledger.database.query(
      `INSERT INTO address_entry (id, account_id, network, recipient, destination, label, author, added_at, waits_hours, confirmation, seal)
       SELECT e.id, $1, 'ETH', e.id::text, '{}', 'the exchange', 'person:ada', now() - interval '3 hours', 24, e.confirmation, 's'
         FROM (VALUES ($2::uuid, 'person'), ($3::uuid, 'person'), ($4::uuid, 'person'), ($5::uuid, 'none')) AS e (id, confirmation)`,
      [ACCOUNT, id(3), id(4), id(5), id(6)],
    );
    await ledger.database.query(
      `INSERT INTO address_confirmation (entry_id, author, confirmed_by, confirmed_at, usable_at, seal) VALUES ($1, 'person:ada', 'person:bob', now(), now(), 's')`,
      [id(4)],
    );
    await ledger.database.query(
      `INSERT INTO address_removal (entry_id, removed_at, removed_by) VALUES ($1, now(), 'bob')`,
      [id(5)],
    );
    await ledger.database.query(
      `INSERT INTO order_case (withdrawal_id, account_id, detail, opened_at) VALUES ($1, $3, 'no signature', now() - interval '2 hours'), ($2, $3, 'old', now() - interval '8 days')`,
      [id(7), id(8), ACCOUNT],
    );
    await haltBook(ledger.database, 'a drill');

    const { body } = await app.ask('GET', '/internal/inbox');

    expect(body).toMatchObject({
      data_count: 4,
      data: [
        {
          kind: 'payment_approval',
          id: id(1),
          title: 'A payment of 25 USDT.ETH waits for people: 2 of board, 1 of risk',
          account_id: ACCOUNT,
          withdrawal_id: id(1),
          asset: 'USDT.ETH',
          venue: 'gateio',
          roles: ['approve'],
          people: 2,
        },
        {
          kind: 'address_entry',
          id: id(3),
          title: 'An address on ETH waits for its confirmation: the exchange',
          account_id: ACCOUNT,
          asked_by: 'ada',
          roles: ['administer', 'approve'],
        },
        { kind: 'order_case', id: id(7), withdrawal_id: id(7), people: 1 },
        { kind: 'book_halt', title: 'The book is halted: a drill', people: 2 },
      ],
    });
  });

  it('says that older entries may wait where its search has reached its bound', async () => {
    await ledger.database.query(
      `INSERT INTO address_entry (id, account_id, network, recipient, destination, label, author, added_at, waits_hours, confirmation, seal)
       SELECT gen_random_uuid(), $1, 'ETH', 'r' || n, '{}', 'another', 'person:ada', now(), 24, CASE n WHEN 1 THEN 'person' ELSE 'none' END, 's' FROM generate_series(1, 10_000) AS n`,
      [ACCOUNT],
    );

    const { body } = await app.ask('GET', '/internal/inbox');

    const items = body.data as readonly InboxItemDto[];
    const entries = items.filter(({ kind }) => kind === 'address_entry');
    expect(entries.map(({ more }) => more)).toContain(true);
    expect(entries.every(({ more }) => more)).toBe(true);
  });
});
