import { randomUUID } from 'node:crypto';
import { testDatabase } from '@sluice/test-servers';
import { ADDRESS } from '../testkit/a-withdrawal.js';
import {
  givenApi,
  givenLedgerApi,
  type ApiCall,
  type TestApi,
  refusal,
} from '../testkit/given-api.js';
import { givenAccount } from '../testkit/given-intake.js';

const ID = '0192f3a4-7c11-7000-8000-000000000001';
const ENTRY = {
  id: ID,
  account_id: randomUUID(),
  network: 'ETH',
  destination: { type: 'address', address: ADDRESS.toLowerCase() },
  label: 'office',
  author: 'key:key-1',
  added_at: '2026-11-20T08:00:00.000Z',
  confirmation: 'none',
  confirmed_by: null,
  usable_at: '2026-11-21T08:00:00.000Z',
  removed_at: null,
  removed_by: null,
};
const TERMS = { only_book: true, confirmation: 'key', waits_hours: 24 };
const SETTINGS = { account_id: ENTRY.account_id, ...TERMS, next: null };

describe('addresses of an account', () => {
  let ledger: Awaited<ReturnType<typeof givenLedgerApi>>;
  let api: TestApi;
  let accountId: string;
  let key: NonNullable<ApiCall['key']>;
  let reply: object | string;
  beforeAll(async () => {
    ledger = await givenLedgerApi(() => reply);
    const url = await testDatabase('intake');
    api = await givenApi(url, { LEDGER_URL: ledger.url });
    accountId = await givenAccount(api.database);
    key = await api.createKey(accountId, ['manage_addresses']);
  });
  beforeEach(() => {
    reply = ENTRY;
    ledger.asked.length = 0;
    ledger.bodies.length = 0;
  });
  afterAll(() => Promise.all([api.close(), ledger.close()]));

  const send = (method: string, target: string, body?: object, as = key) =>
    api.send({ method, target, key: as, ...(body && { body: JSON.stringify(body) }) });
  const add = (change: object = {}) =>
    send('POST', '/v1/addresses', {
      network: 'eth',
      to_address: ADDRESS,
      label: 'office',
      ...change,
    });
  const asked = () => ledger.asked.filter((target) => target.includes('/address'));
  const bodies = () =>
    ledger.bodies.map((text) => JSON.parse(text) as object).filter((body) => 'key_id' in body);

  it('are added for the account and the key of the request, whatever the body says', async () => {
    const { status, body } = await add({ account_id: randomUUID(), key_id: 'another' });

    expect(status).toBe(200);
    expect(body.data).toEqual({
      id: ID,
      network: 'ETH',
      destination: ENTRY.destination,
      label: 'office',
      state: 'usable',
      added_by: 'key-1',
      added_at: '2026-11-20T08:00:00+00:00',
      confirmation: 'none',
      confirmed_by: null,
      usable_at: '2026-11-21T08:00:00+00:00',
      removed_at: null,
    });
    expect(asked()).toEqual([`/internal/accounts/${accountId}/addresses`]);
    const { network, destination, label } = ENTRY;
    expect(bodies()).toEqual([{ network, destination, label, key_id: key.keyId }]);
  });

  it.each([
    [{ usable_at: null }, { state: 'waiting_for_confirmation', usable_at: null }],
    [{ usable_at: '2999-01-01T00:00:00.000Z' }, { state: 'waiting' }],
    [{ removed_at: '2026-11-22T08:00:00.000Z', removed_by: 'person:ada' }, { state: 'removed' }],
    [
      { author: 'person:ada', confirmed_by: 'person:peter' },
      { added_by: 'operator', confirmed_by: 'operator' },
    ],
  ])('with %j are shown as %j', async (change, shown) => {
    reply = { ...ENTRY, ...change };
    expect((await add()).body.data).toMatchObject(shown);
  });

  it('are listed, confirmed and removed for the account of the key', async () => {
    reply = [ENTRY];
    const list = await send('GET', `/v1/addresses?after=${ID}&limit=2`);
    expect(list).toMatchObject({ status: 200, body: { data: [{ id: ID }] } });
    reply = ENTRY;
    expect(await send('POST', `/v1/addresses/${ID}/confirm`)).toMatchObject({ status: 200 });
    expect(await send('DELETE', `/v1/addresses/${ID}`)).toMatchObject({ status: 200 });

    const of = `/internal/accounts/${accountId}/addresses`;
    expect(asked()).toEqual([
      `${of}?after=${ID}&limit=2`,
      `${of}/${ID}/confirm`,
      `${of}/${ID}/remove`,
    ]);
    expect(bodies()).toEqual([{ key_id: key.keyId }, { key_id: key.keyId }]);
  });

  it('have settings that the key states and reads', async () => {
    const next = { ...TERMS, only_book: false, starts_at: '2026-11-21T08:00:00.000Z' };
    reply = { ...SETTINGS, next };
    const stated = await send('PUT', '/v1/address-book', TERMS);
    expect(stated.body.data).toEqual({
      ...TERMS,
      next: { ...next, starts_at: '2026-11-21T08:00:00+00:00' },
    });
    reply = SETTINGS;
    expect((await send('GET', '/v1/address-book')).body.data).toEqual({ ...TERMS, next: null });
    expect(bodies()).toEqual([{ ...TERMS, key_id: key.keyId }]);
  });

  it.each([
    [{ network: 'NOWHERE' }, 404, 'Network not found'],
    [
      { to_address: '0x52908400098527886E0F7030069857D2E4169Ee7' },
      400,
      'The address format is invalid for this network',
    ],
    [
      { to_address: 'TGZQXjpvvfjZFLYdL6cnNTaxNRbGmthPLL' },
      400,
      'The address format is invalid for this network',
    ],
    [
      { to_address: '0x000000000000000000000000000000000000dEaD' },
      400,
      'Nobody could spend what is sent to this address',
    ],
    [{ label: 'a\u202eb' }, 422, 'label: String should contain valid characters only'],
    [{ label: undefined }, 422, 'label: Field required'],
    [
      { destination: ENTRY.destination },
      422,
      'destination: Only one of to_address and destination may be given',
    ],
    [{ to_address: undefined }, 422, 'to_address: Field required'],
  ])('are not added: %j', async (change, status, message) => {
    const answer = await add(change);
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.body)).toContain(message);
    expect(asked()).toEqual([]);
  });

  it.each([
    [{ only_book: 'yes' }, 'only_book'],
    [{ confirmation: 'two' }, 'confirmation'],
    [{ waits_hours: 0 }, 'waits_hours'],
    [{ waits_hours: 721 }, 'waits_hours'],
    [{ waits_hours: undefined }, 'waits_hours'],
  ])('have no settings with %j', async (change, field) => {
    const answer = await send('PUT', '/v1/address-book', { ...TERMS, ...change });
    expect(answer.status).toBe(422);
    expect(JSON.stringify(answer.body)).toContain(field);
    expect(asked()).toEqual([]);
  });

  it('need the permission of their own', async () => {
    const other = await api.createKey(accountId, ['withdraw', 'manage_webhooks']);
    const missing = refusal(403, 'API key does not have the required permission');
    for (const [method, target, body] of [
      ['GET', '/v1/addresses', undefined],
      ['POST', '/v1/addresses', { network: 'ETH', to_address: ADDRESS, label: 'x' }],
      ['POST', `/v1/addresses/${ID}/confirm`, undefined],
      ['DELETE', `/v1/addresses/${ID}`, undefined],
      ['GET', '/v1/address-book', undefined],
      ['PUT', '/v1/address-book', TERMS],
    ] as const)
      expect(await send(method, target, body, other)).toMatchObject(missing);
    expect(asked()).toEqual([]);
  });

  it.each([
    ['The address book has no such entry', 404, 'Address not found'],
    [
      'The author of an entry cannot confirm it',
      409,
      'Another API key has to confirm this address',
    ],
    ['A person must confirm the entry', 409, 'An operator has to confirm this address'],
    ['The entry is removed', 409, 'This address does not wait for a confirmation'],
    [
      'The address book has 10000 entries: remove one first',
      409,
      'An address book may have 10,000 entries',
    ],
    ['Cannot POST /internal', 404, 'Not found'],
  ])('pass on a refusal of the ledger: %s', async (sentence, status, message) => {
    reply = sentence;
    expect(await send('POST', `/v1/addresses/${ID}/confirm`)).toMatchObject(
      refusal(status, message),
    );
  });

  it('are unavailable while the ledger does not answer', async () => {
    const away = await givenApi(await testDatabase('away'), {
      LEDGER_URL: 'http://127.0.0.1:1',
    });
    const own = await away.createKey(await givenAccount(away.database), ['manage_addresses']);
    const answer = await away.send({ method: 'GET', target: '/v1/addresses', key: own });
    expect(answer).toMatchObject(refusal(503, 'Service temporarily unavailable'));
    await away.close();
  });
});
