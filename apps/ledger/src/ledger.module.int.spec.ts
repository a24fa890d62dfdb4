import { randomUUID } from 'node:crypto';
import { eventually } from '@sluice/test-kit';
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

  const get = (path: string) => app.ask('GET', `/internal/${path}`);
  const post = (path: string, body?: object | string) => app.ask('POST', `/internal/${path}`, body);
  const refused = (status: number, message: string) => ({
    status,
    body: { success: false, message },
  });
  const FUNDING = { asset: 'USDT.ETH', amount: '1', reference: 'r', evidence: 'e' };

  it('open an account once, whoever asks again under the same name', async () => {
    const body = { account_id: randomUUID(), name: 'demo' };

    const [first, second] = [await post('accounts', body), await post('accounts', body)];

    expect(first).toEqual({ status: 200, body: { success: true, message: 'OK', data: body } });
    expect(second).toEqual(first);
    expect(await post('accounts', { ...body, name: 'other' })).toEqual(
      refused(409, 'This account id was opened under another name'),
    );
  });

  it('fund an account once by each reference', async () => {
    const accountId = await givenAccount(ledger, '1');
    await ledger.ageAccounts();
    const url = `accounts/${accountId}/fundings`;
    const body = { ...FUNDING, amount: '1000.50', reference: 'bank 42' };

    const [first, second] = [await post(url, body), await post(url, body)];

    expect(first).toMatchObject({
      status: 200,
      body: { data: { asset: 'USDT.ETH', amount: '1000.5', reference: 'bank 42' } },
    });
    expect(first.body.data.entry_id).toMatch(/^[0-9a-f-]{36}$/);
    expect(second.body.data.entry_id).toBe(first.body.data.entry_id);
    expect(await post(url, { ...body, amount: '1' })).toEqual(
      refused(409, 'This reference was used for another funding or transfer'),
    );
    expect(await ledger.balance(accountId)).toBe('0 of 1001.5');
  });

  it.each<[string, object, string]>([
    [
      'a JSON number as amount',
      { ...FUNDING, amount: 1000 },
      'amount: Input should be a decimal string with at most 24 digits before the point and 30 after it',
    ],
    ['a missing reference', { ...FUNDING, reference: undefined }, 'reference: Field required'],
    [
      'an unknown form of asset',
      { ...FUNDING, asset: 'USDT' },
      'asset: Input should be an asset such as USDT.ETH',
    ],
    ['a zero', { ...FUNDING, amount: '0' }, 'The amount must be more than zero'],
    [
      'evidence of 501 characters',
      { ...FUNDING, evidence: 'e'.repeat(501) },
      'evidence: String should have at most 500 characters',
    ],
    ['a list', [], 'body: Input should be a valid object'],
  ])('refuse %s as a funding', async (_what, body, message) => {
    const accountId = await givenAccount(ledger, '1');

    expect(await post(`accounts/${accountId}/fundings`, body)).toEqual(refused(422, message));
  });

  it('answer an unknown account with 404 and a malformed id with 422', async () => {
    const notFound = refused(404, 'Account not found');

    expect(await post(`accounts/${randomUUID()}/fundings`, FUNDING)).toEqual(notFound);
    expect(await get(`accounts/${randomUUID()}/balances`)).toEqual(notFound);
    expect(await get(`accounts/${randomUUID()}/statement`)).toEqual(notFound);
    expect(await get('accounts/demo/balances')).toEqual(
      refused(422, 'account_id: Input should be a lower-case UUID'),
    );
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

    expect((await get(`accounts/${accountId}/balances`)).body.data).toEqual([btc, usdt]);
    expect(
      (await get(`accounts/${accountId}/balances?currency=USDT&network=ETH`)).body.data,
    ).toEqual([usdt]);
    expect(
      (await get(`accounts/${accountId}/balances?currency=USDT&network=TRX`)).body.data,
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

    expect(await post(`accounts/${accountId}/freezes`, body)).toEqual(refused(422, message));
    expect(await post(`accounts/${accountId}/freezes/a%00b/lift`)).toEqual(
      refused(422, 'freeze_id: String should contain valid characters only'),
    );
  });

  it('freeze an account and lift that freeze again', async () => {
    const accountId = await givenAccount(ledger, '100');
    const url = `accounts/${accountId}/freezes`;

    const frozen = await post(url, { freeze_id: 'case-7', reason: 'court order' });
    const transfer = await post(`accounts/${accountId}/transfers`, {
      ...FUNDING,
      from: `customer:${accountId}`,
      to: 'suspense',
    });
    const inForce = await get('freezes');
    const lifted = await post(`${url}/case-7/lift`);

    expect(frozen).toMatchObject({
      status: 200,
      body: { data: { account_id: accountId, freeze_id: 'case-7' } },
    });
    expect(transfer).toEqual(refused(409, 'The account is frozen'));
    expect(inForce.body.data).toContainEqual({
      account_id: accountId,
      freeze_id: 'case-7',
      reason: 'court order',
      frozen_at: expect.any(String) as string,
    });
    expect(lifted.status).toBe(200);
    expect(await post(url, { freeze_id: 'case-7', reason: 'again' })).toEqual(
      refused(409, 'A freeze of this id was lifted and does not come back: take another'),
    );
    expect((await get('freezes')).body.data).not.toContainEqual(
      expect.objectContaining({ account_id: accountId }),
    );
    expect(await post(`${url}/case-8/lift`)).toEqual(refused(404, 'Freeze not found'));
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

    const first = await post(`accounts/${accountId}/transfers`, asked);
    const second = await post(`accounts/${accountId}/transfers`, asked);
    expect(first).toMatchObject({
      status: 200,
      body: { data: { ...body, account_id: accountId } },
    });
    expect(second).toEqual(first);
    expect(await ledger.balance(accountId)).toBe('0 of 70');

    const url = `accounts/${accountId}/entries/${first.body.data.entry_id}/reversal`;
    const reversed = await post(url, { reason: 'wrong account' });
    expect(reversed).toMatchObject({
      status: 200,
      body: { data: { reverses: first.body.data.entry_id } },
    });
    expect(await post(url, { reason: 'sent again' })).toEqual(reversed);
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

    const entries = (await get(`withdrawals/${hold.data.withdrawalId}/entries`)).body.data;
    const statement = (await get(`accounts/${accountId}/statement`)).body.data;

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
    expect((await get(`accounts/${accountId}/statement?limit=1`)).body.data).toHaveLength(1);
    expect((await get(`accounts/${accountId}/statement?limit=0`)).status).toBe(422);
  });

  it('page a statement by the cursor they gave, and refuse any other', async () => {
    const accountId = await givenAccount(ledger, '100');
    const hold = place(accountId, '60');
    await ledger.run(hold, capture(hold, '50'));
    const url = `accounts/${accountId}/statement?limit=1`;

    const first = (await get(url)).body;
    const second = (await get(`${url}&cursor=${first.next_cursor}`)).body;
    const third = (await get(`${url}&cursor=${second.next_cursor}`)).body;

    expect([first.data[0].kind, second.data[0].kind, third]).toEqual([
      'capture',
      'funding',
      { success: true, message: 'OK', data: [], data_count: 0, next_cursor: null },
    ]);
    expect(await get(`${url}&cursor=nonsense`)).toEqual(
      refused(422, 'cursor: Input should be the next_cursor of a page'),
    );
  });

  it.each([
    ['holds', 'state: Field required'],
    [
      'holds?state=lost',
      'state: Input should be one of placed, captured, released, expired, refused',
    ],
    ['holds?state=placed&cursor=7', 'cursor: Input should be a lower-case UUID'],
    [
      'shared-accounts/suspense/balances/at/yesterday',
      'time: Input should be a UTC time such as 2026-11-20T08:00:00.000Z',
    ],
    [
      'shared-accounts/suspense/balances/at/2026-11-20T08:00:00Z?by=luck',
      'by: Input should be one of recorded, effective',
    ],
  ])('answer 422 to %s', async (url, message) => {
    expect(await get(url)).toEqual(refused(422, message));
  });

  it('know no shared account by the name of a customer', async () => {
    const url = `shared-accounts/customer:${randomUUID()}/balances/at/2026-11-20T08:00:00Z`;

    expect(await get(url)).toEqual(refused(404, 'No shared account has this name'));
  });

  it('prove the book, also against heads that were published', async () => {
    const proof = (await post('proof', {})).body.data;

    expect(proof).toMatchObject({
      proven: true,
      chain: { divergence: null },
      book: { violations: [] },
    });
    expect((await post('proof', { heads: proof.chain.heads })).body.data.proven).toBe(true);
    const further = SECRETS.signer.sign({ ...proof.chain.heads[0], sequence: '999' });
    expect((await post('proof', { heads: [further] })).body.data).toMatchObject({
      proven: false,
      chain: { divergence: { kind: 'published_head_differs', sequence: '999' }, forged: [] },
    });
    const forged = { ...further, shard: '0', sequence: '998' };
    expect((await post('proof', { heads: [forged] })).body.data).toMatchObject({
      proven: true,
      chain: { divergence: null, forged: [{ shard: 0, sequence: '998' }] },
    });
    expect((await post('proof', { heads: [{ shard: 1 }] })).status).toBe(422);
  });

  it('report the invariants', async () => {
    const { body } = await get('invariants');

    expect(body).toMatchObject({
      success: true,
      data: { checked: 29, violations: [], populations: { entries_capture: 2 } },
    });
  });
});
