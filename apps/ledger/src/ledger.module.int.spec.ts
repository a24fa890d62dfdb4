import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import {
  capture,
  givenAccount,
  givenLedger,
  place,
  placeUntil,
  venueFee,
  type TestLedger,
} from './testkit/given-ledger.js';
import { SECRETS } from './testkit/test-authority.js';
import { givenLedgerApp } from './testkit/given-ledger-app.js';

describe('the admin API', () => {
  let postgres: TestPostgres;
  let ledger: TestLedger;
  let app: Awaited<ReturnType<typeof givenLedgerApp>>;
  let ask: typeof app.ask;
  beforeAll(async () => {
    postgres = await withTestPostgres();
    ledger = await givenLedger(postgres);
    app = await givenLedgerApp(ledger);
    ask = app.ask;
  });
  afterAll(async () => {
    await app.close();
    await ledger.close();
    await postgres.stop();
  });

  const refusal = (message: string) => ({ success: false, message });

  it('open an account once, whoever asks again under the same name', async () => {
    const body = { account_id: randomUUID(), name: 'demo' };

    const [first, second] = [
      await ask('POST', '/internal/accounts', body),
      await ask('POST', '/internal/accounts', body),
    ];

    expect(first).toEqual({ status: 200, body: { success: true, message: 'OK', data: body } });
    expect(second).toEqual(first);
    expect(await ask('POST', '/internal/accounts', { ...body, name: 'other' })).toEqual({
      status: 409,
      body: refusal('This account id was opened under another name'),
    });
  });

  it('fund an account once by each reference', async () => {
    const accountId = await givenAccount(ledger, '1');
    await ledger.ageAccounts();
    const url = `/internal/accounts/${accountId}/fundings`;
    const body = {
      asset: 'USDT.ETH',
      amount: '1000.50',
      reference: 'bank 42',
      evidence: 'statement 4, line 2',
    };

    const [first, second] = [await ask('POST', url, body), await ask('POST', url, body)];

    expect(first).toMatchObject({
      status: 200,
      body: { data: { asset: 'USDT.ETH', amount: '1000.5', reference: 'bank 42' } },
    });
    expect(first.body.data.entry_id).toMatch(/^[0-9a-f-]{36}$/);
    expect(second.body.data.entry_id).toBe(first.body.data.entry_id);
    expect(await ask('POST', url, { ...body, amount: '1' })).toEqual({
      status: 409,
      body: refusal('This reference was used for another funding or transfer'),
    });
    expect(await ledger.balance(accountId)).toBe('0 of 1001.5');
  });

  it.each([
    [
      'a JSON number as amount',
      { asset: 'USDT.ETH', amount: 1000, reference: 'r', evidence: 'e' },
      422,
      'amount: Input should be a decimal string with at most 24 digits before the point and 30 after it',
    ],
    [
      'a missing reference',
      { asset: 'USDT.ETH', amount: '1', evidence: 'e' },
      422,
      'reference: Field required',
    ],
    [
      'an unknown form of asset',
      { asset: 'USDT', amount: '1', reference: 'r', evidence: 'e' },
      422,
      'asset: Input should be an asset such as USDT.ETH',
    ],
    [
      'a zero',
      { asset: 'USDT.ETH', amount: '0', reference: 'r', evidence: 'e' },
      422,
      'The amount must be more than zero',
    ],
    [
      'evidence of 501 characters',
      { asset: 'USDT.ETH', amount: '1', reference: 'r', evidence: 'e'.repeat(501) },
      422,
      'evidence: String should have at most 500 characters',
    ],
    ['a list', [], 422, 'body: Input should be a valid object'],
  ])('refuse %s as a funding', async (_what, body, status, message) => {
    const accountId = await givenAccount(ledger, '1');

    expect(await ask('POST', `/internal/accounts/${accountId}/fundings`, body)).toEqual({
      status,
      body: refusal(message),
    });
  });

  it('answer an unknown account with 404 and a malformed id with 422', async () => {
    const body = { asset: 'USDT.ETH', amount: '1', reference: 'r', evidence: 'e' };
    const notFound = { status: 404, body: refusal('Account not found') };

    expect(await ask('POST', `/internal/accounts/${randomUUID()}/fundings`, body)).toEqual(
      notFound,
    );
    expect(await ask('GET', `/internal/accounts/${randomUUID()}/balances`)).toEqual(notFound);
    expect(await ask('GET', `/internal/accounts/${randomUUID()}/statement`)).toEqual(notFound);
    expect(await ask('GET', '/internal/accounts/demo/balances')).toEqual({
      status: 422,
      body: refusal('account_id: Input should be a lower-case UUID'),
    });
  });

  it('show the balances of an account, all or of one currency and network', async () => {
    const accountId = await givenAccount(ledger, '100');
    await ledger.run(place(accountId, '30'));
    await ledger.run({
      type: 'ledger.fund-account.v1',
      data: { accountId, asset: 'BTC.BTC', amount: '0.10', reference: 'btc' },
    });
    const btc = {
      asset: 'BTC.BTC',
      currency: 'BTC',
      network: 'BTC',
      posted: '0.1',
      held: '0',
      available: '0.1',
    };
    const usdt = {
      asset: 'USDT.ETH',
      currency: 'USDT',
      network: 'ETH',
      posted: '100',
      held: '30',
      available: '70',
    };

    expect((await ask('GET', `/internal/accounts/${accountId}/balances`)).body.data).toEqual([
      btc,
      usdt,
    ]);
    expect(
      (await ask('GET', `/internal/accounts/${accountId}/balances?currency=USDT&network=ETH`)).body
        .data,
    ).toEqual([usdt]);
    expect(
      (await ask('GET', `/internal/accounts/${accountId}/balances?currency=USDT&network=TRX`)).body
        .data,
    ).toEqual([]);
  });

  it.each([
    [
      'a NUL',
      { freeze_id: 'a\0b', reason: 'r' },
      'freeze_id: String should contain valid characters only',
    ],
    [
      'half a character',
      { freeze_id: '\ud83d', reason: 'r' },
      'freeze_id: String should contain valid characters only',
    ],
    ['JSON that is cut short', '{"freeze_id":"case', 'body: Input should be valid JSON'],
  ])('refuse %s in the one envelope', async (_what, body, message) => {
    const accountId = await givenAccount(ledger, '1');

    expect(await ask('POST', `/internal/accounts/${accountId}/freezes`, body)).toEqual({
      status: 422,
      body: refusal(message),
    });
    expect(await ask('POST', `/internal/accounts/${accountId}/freezes/a%00b/lift`)).toEqual({
      status: 422,
      body: refusal('freeze_id: String should contain valid characters only'),
    });
  });

  it('freeze an account and lift that freeze again', async () => {
    const accountId = await givenAccount(ledger, '100');
    const url = `/internal/accounts/${accountId}/freezes`;

    const frozen = await ask('POST', url, { freeze_id: 'case-7', reason: 'court order' });
    const refused = await ask('POST', `/internal/accounts/${accountId}/transfers`, {
      from: `customer:${accountId}`,
      to: 'suspense',
      asset: 'USDT.ETH',
      amount: '1',
      reference: 'r',
      evidence: 'e',
    });
    const inForce = await ask('GET', '/internal/freezes');
    const lifted = await ask('POST', `${url}/case-7/lift`);

    expect(frozen).toMatchObject({
      status: 200,
      body: { data: { account_id: accountId, freeze_id: 'case-7' } },
    });
    expect(refused).toEqual({ status: 409, body: refusal('The account is frozen') });
    expect(inForce.body.data).toContainEqual({
      account_id: accountId,
      freeze_id: 'case-7',
      reason: 'court order',
      frozen_at: expect.any(String) as string,
    });
    expect(lifted.status).toBe(200);
    expect(await ask('POST', url, { freeze_id: 'case-7', reason: 'again' })).toEqual({
      status: 409,
      body: refusal('A freeze of this id was lifted and does not come back: take another'),
    });
    expect((await ask('GET', '/internal/freezes')).body.data).not.toContainEqual(
      expect.objectContaining({ account_id: accountId }),
    );
    expect(await ask('POST', `${url}/case-8/lift`)).toEqual({
      status: 404,
      body: refusal('Freeze not found'),
    });
  });

  it('transfer between own accounts once by each reference, and take the entry back', async () => {
    const accountId = await givenAccount(ledger, '100');
    await ledger.ageAccounts();
    const body = {
      from: `customer:${accountId}`,
      to: 'fee-income',
      asset: 'USDT.ETH',
      amount: '30',
      reference: 'correction 1',
    };
    const asked = { ...body, evidence: 'ticket 7' };

    const first = await ask('POST', `/internal/accounts/${accountId}/transfers`, asked);
    const second = await ask('POST', `/internal/accounts/${accountId}/transfers`, asked);
    expect(first).toMatchObject({
      status: 200,
      body: { data: { ...body, account_id: accountId } },
    });
    expect(second).toEqual(first);
    expect(await ledger.balance(accountId)).toBe('0 of 70');

    const url = `/internal/accounts/${accountId}/entries/${first.body.data.entry_id}/reversal`;
    const reversed = await ask('POST', url, { reason: 'wrong account' });
    expect(reversed).toMatchObject({
      status: 200,
      body: { data: { reverses: first.body.data.entry_id } },
    });
    expect(await ask('POST', url, { reason: 'sent again' })).toEqual(reversed);
    expect(await ledger.balance(accountId)).toBe('0 of 100');
  });

  it('are not needed for a due hold to end: a worker does it', async () => {
    const accountId = await givenAccount(ledger, '100');
    const inAMoment = new Date(Date.now() + 300).toISOString();
    const [placed] = await ledger.run(placeUntil(inAMoment, accountId, '60'));

    expect(placed?.event.type).toBe('ledger.hold-placed.v1');
    await eventually(async () => expect(await ledger.balance(accountId)).toBe('0 of 100'));
  });

  it('show the entries of a withdrawal and the statement of its account', async () => {
    const accountId = await givenAccount(ledger, '100');
    const hold = place(accountId, '60');
    await ledger.run(hold);
    await ledger.run(capture(hold, '50', '1'), venueFee(hold, '0.4'));

    const entries = (await ask('GET', `/internal/withdrawals/${hold.data.withdrawalId}/entries`))
      .body.data;
    const statement = (await ask('GET', `/internal/accounts/${accountId}/statement`)).body.data;

    expect(entries.map((entry: { kind: string }) => entry.kind)).toEqual(['capture', 'venue_fee']);
    expect(entries[0].postings).toEqual([
      { account: `customer:${accountId}`, asset: 'USDT.ETH', amount: '-51' },
      { account: 'clearing:gateio', asset: 'USDT.ETH', amount: '50' },
      { account: 'fee-income', asset: 'USDT.ETH', amount: '1' },
    ]);
    expect(statement).toMatchObject([
      { kind: 'capture', amount: '-51', withdrawal_id: hold.data.withdrawalId },
      { kind: 'funding', amount: '100', reference: 'first deposit' },
    ]);
    expect(
      (await ask('GET', `/internal/accounts/${accountId}/statement?limit=1`)).body.data,
    ).toHaveLength(1);
    expect((await ask('GET', `/internal/accounts/${accountId}/statement?limit=0`)).status).toBe(
      422,
    );
  });

  it('page a statement by the cursor they gave, and refuse any other', async () => {
    const accountId = await givenAccount(ledger, '100');
    const hold = place(accountId, '60');
    await ledger.run(hold, capture(hold, '50'));
    const url = `/internal/accounts/${accountId}/statement?limit=1`;

    const first = (await ask('GET', url)).body;
    const second = (await ask('GET', `${url}&cursor=${first.next_cursor}`)).body;
    const third = (await ask('GET', `${url}&cursor=${second.next_cursor}`)).body;

    expect([first.data[0].kind, second.data[0].kind, third]).toEqual([
      'capture',
      'funding',
      { success: true, message: 'OK', data: [], data_count: 0, next_cursor: null },
    ]);
    expect(await ask('GET', `${url}&cursor=nonsense`)).toEqual({
      status: 422,
      body: refusal('cursor: Input should be the next_cursor of a page'),
    });
  });

  it.each([
    ['/internal/holds', 'state: Field required'],
    [
      '/internal/holds?state=lost',
      'state: Input should be one of placed, captured, released, expired, refused',
    ],
    ['/internal/holds?state=placed&cursor=7', 'cursor: Input should be a lower-case UUID'],
    [
      '/internal/shared-accounts/suspense/balances/at/yesterday',
      'time: Input should be a UTC time such as 2026-11-20T08:00:00.000Z',
    ],
    [
      '/internal/shared-accounts/suspense/balances/at/2026-11-20T08:00:00Z?by=luck',
      'by: Input should be one of recorded, effective',
    ],
  ])('answer 422 to %s', async (url, message) => {
    expect(await ask('GET', url)).toEqual({ status: 422, body: refusal(message) });
  });

  it('know no shared account by the name of a customer', async () => {
    const url = `/internal/shared-accounts/customer:${randomUUID()}/balances/at/2026-11-20T08:00:00Z`;

    expect(await ask('GET', url)).toEqual({
      status: 404,
      body: refusal('No shared account has this name'),
    });
  });

  it('prove the book, also against heads that were published', async () => {
    const proof = (await ask('POST', '/internal/proof', {})).body.data;

    expect(proof).toMatchObject({
      proven: true,
      chain: { divergence: null },
      book: { violations: [] },
    });
    expect(
      (await ask('POST', '/internal/proof', { heads: proof.chain.heads })).body.data.proven,
    ).toBe(true);
    const further = SECRETS.signer.sign({ ...proof.chain.heads[0], sequence: '999' });
    expect((await ask('POST', '/internal/proof', { heads: [further] })).body.data).toMatchObject({
      proven: false,
      chain: { divergence: { kind: 'published_head_differs', sequence: '999' }, forged: [] },
    });
    const forged = { ...further, shard: '0', sequence: '998' };
    expect((await ask('POST', '/internal/proof', { heads: [forged] })).body.data).toMatchObject({
      proven: true,
      chain: { divergence: null, forged: [{ shard: 0, sequence: '998' }] },
    });
    expect((await ask('POST', '/internal/proof', { heads: [{ shard: 1 }] })).status).toBe(422);
  });

  it('report the invariants', async () => {
    const { body } = await ask('GET', '/internal/invariants');

    expect(body).toMatchObject({
      success: true,
      data: { checked: 28, violations: [], populations: { entries_capture: 2 } },
    });
  });
});

/** Asks until it is so, for ten seconds. */
async function eventually(check: () => Promise<void>): Promise<void> {
  for (const until = Date.now() + 10_000; ; await sleep(50)) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > until) throw error;
    }
  }
}
