import type { InboxItemDto } from '@sluice/http-api';
import { testDatabase } from '@sluice/test-servers';
import { givenApi, type TestApi } from '../testkit/given-api.js';
import { givenAccount } from '../testkit/given-intake.js';
import { sow } from '../testkit/given-terms.js';

describe('the inbox of intake-api', () => {
  let api: TestApi;
  let accountId: string;
  beforeAll(async () => {
    api = await givenApi(await testDatabase('intake'));
    accountId = await givenAccount(api.database);
  });
  afterAll(() => api.close());

  const items = async () =>
    (JSON.parse((await api.send({ target: '/internal/inbox' })).text) as { data: InboxItemDto[] })
      .data;

  it('has halts in force, cases, and what differs from the ledger', async () => {
    const terms = { accountId, keyId: 'ck_1', currency: 'USDT', network: 'ETH', venue: 'gateio' };
    await sow(api.database, [
      { ...terms, state: 'uncertain' },
      { ...terms, state: 'completed' },
    ]);
    const [open, ended] = await api.database.query<{ id: string }>(
      'SELECT id FROM withdrawal ORDER BY number',
    );
    await api.database.query(
      `INSERT INTO withdrawal_case (withdrawal_id, message_id, state, trigger, detail, opened_at)
       VALUES ($1, 'm1', 'uncertain', 'hold_released', 'late', now() - interval '30 days'), ($2, 'm2', 'completed', 'failed', NULL, now() - interval '30 days'),
              ($2, 'm3', 'completed', 'refused', NULL, now() - interval '1 day'),
              ($2, 'm4', 'completed', 'submission_missing', NULL, now()), ($2, 'm5', 'completed', 'refusal_not_proven', NULL, now()),
              ($1, 'm6', 'uncertain', 'submission_missing', NULL, now() - interval '29 days')`,
      [open?.id, ended?.id],
    );
    await api.database.query(
      `INSERT INTO ledger_difference (withdrawal_id, kind, detail) VALUES ($1, 'hold_missing', 'the ledger has no hold')`,
      [open?.id],
    );
    await api.database.query(
      `INSERT INTO lost_withdrawal (withdrawal_id, account_id, asset, amount, state, placed_at) VALUES (gen_random_uuid(), $1, 'USDT.ETH', 5, 'placed', now())`,
      [accountId],
    );
    await api.send({
      method: 'POST',
      target: '/internal/halts',
      body: JSON.stringify({ details: 'a drill', scope: 'account', target: accountId }),
    });

    const of = { account_id: accountId, asset: 'USDT.ETH', more: false };
    expect(await items()).toMatchObject([
      {
        ...of,
        kind: 'case',
        id: '1',
        title: 'A report does not fit the withdrawal (hold released while uncertain): late',
        withdrawal_id: open?.id,
        venue: 'gateio',
      },
      { ...of, kind: 'case', id: '6', withdrawal_id: open?.id },
      { ...of, kind: 'case', id: '3', withdrawal_id: ended?.id },
      {
        ...of,
        kind: 'ledger_difference',
        withdrawal_id: open?.id,
        title: 'The ledger lacks a booking (hold missing): the ledger has no hold',
        people: 2,
      },
      { ...of, kind: 'lost_withdrawal', venue: null },
      {
        kind: 'halt',
        account_id: accountId,
        title: `The account ${accountId} is halted: a drill`,
        asked_by: expect.any(String) as string,
        roles: ['operate', 'approve'],
        people: 2,
      },
    ]);
  });

  it('says that older cases may wait where its search has reached its bound', async () => {
    await api.database.query(
      `INSERT INTO withdrawal_case (withdrawal_id, message_id, state, trigger, opened_at)
       SELECT gen_random_uuid(), 'old' || n, 'completed', 'failed', now() - interval '8 days' FROM generate_series(1, 9_997) AS n`,
    );
    await api.database.query(
      `INSERT INTO withdrawal_case (withdrawal_id, message_id, state, trigger) VALUES (gen_random_uuid(), 'new', 'completed', 'failed')`,
    );

    const cases = (await items()).filter(({ kind }) => kind === 'case');

    expect(cases.length).toBeGreaterThan(0);
    expect(cases.every(({ more }) => more)).toBe(true);
  });
});
