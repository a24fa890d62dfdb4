import { generateKeyPairSync } from 'node:crypto';
import type { WithdrawalOrder } from '@sluice/connector-rules';
import { Amount, destinationKey } from '@sluice/kernel';
import type { VenueAnswer, VenueRequest } from '@sluice/connector-engine';
import { Secret } from '@sluice/runtime';
import { verifyUpvest } from '@sluice/signing';
import * as fc from 'fast-check';
import { UpvestAdapter } from './upvest.adapter.js';
import { upvestCapabilities } from './upvest.capabilities.js';
import { UpvestClient } from './upvest.client.js';
import { idempotencyKeyOf } from './upvest.prepare.js';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const OPTIONS = {
  clientId: 'c',
  clientSecret: new Secret('s'),
  keyId: 'k',
  privateKey: new Secret(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()),
  baseUrl: 'https://venue.test',
  submitTimeoutMs: 1,
};
const ids = {
  user_id: 'e56c14b3-8370-4c04-bc67-7092f7ec113c',
  account_group_id: '2596db3b-0d03-4651-9eda-970910479dfb',
  reference_account_id: '295378ec-036e-4f3f-ae5c-2be85c93e837',
};
const account = {
  type: 'reference_account',
  userId: ids.user_id,
  accountGroupId: ids.account_group_id,
  referenceAccountId: ids.reference_account_id,
} as const;
const reference = 'w4fX2bQ9kLm0ZtR7sVw3Yp81';
const eur = (text: string): Amount => Amount.of(text, 'EUR.SEPA');
const order: WithdrawalOrder = {
  withdrawalId: '01932d5a-7c3e-7f00-8000-0123456789ab',
  form: 'withdrawal',
  asset: 'EUR.SEPA',
  amount: eur('12.5'),
  destination: account,
  clientReference: reference,
  accountId: 'account 1',
  fee: eur('0.5'),
  digest: 'a digest',
  signerReceipt: null,
};

/** The time of the venue is known. */
const CLOCK = { earliest: () => new Date() };

/** Answers of the venue; only the wire is ours to fake. Keeps what was sent. */
function venue(answer: (path: string) => unknown = () => ({ id: 'v1' })) {
  const sent: VenueRequest[] = [];
  const wire = {
    call: (request: VenueRequest): Promise<VenueAnswer> => {
      sent.push(request);
      const json =
        request.path === '/auth/token'
          ? { access_token: 't', expires_in: 60 }
          : answer(request.path);
      return Promise.resolve({
        kind: 'answer',
        status: json === undefined ? 500 : 200,
        headers: {},
        text: '',
        json,
      });
    },
  };
  const adapter = new UpvestAdapter(
    upvestCapabilities(1_000, 1_000),
    new UpvestClient(wire, CLOCK, OPTIONS, { turn: () => Promise.resolve() }),
  );
  return { adapter, sent };
}

describe('prepare', () => {
  it('asks for exactly the amount, with our reference in the text, under a key that never changes', async () => {
    const { adapter } = venue();

    const first = await adapter.prepare(order);

    expect(first).toEqual({
      kind: 'ready',
      request: {
        form: 'withdrawal',
        gross: eur('12.5'),
        body: JSON.stringify({
          ...ids,
          amount: '12.50',
          currency: 'EUR',
          remittance_information: reference,
        }),
        evidence: { idempotency_key: idempotencyKeyOf(reference) },
      },
    });
    expect(await adapter.prepare(order)).toEqual(first);
  });

  it('keeps every digit: an amount with whole cents goes as it is, any other is refused', () =>
    fc.assert(
      fc.asyncProperty(
        fc.nat(999_999_999),
        fc.nat(9_999),
        fc.nat(4),
        async (whole, fraction, places) => {
          const amount =
            places === 0
              ? String(whole)
              : `${whole}.${String(fraction).padStart(4, '0').slice(0, places)}`;
          fc.pre(/[1-9]/.test(amount));
          const preparation = await venue().adapter.prepare({ ...order, amount: eur(amount) });

          if (preparation.kind === 'ready')
            expect(preparation.request.gross.equals(eur(amount))).toBe(true);
          else expect(amount).toMatch(/\.\d\d\d*[1-9]/);
        },
      ),
    ));

  it.each<[string, Partial<WithdrawalOrder>, string]>([
    ['a fraction of a cent', { amount: eur('1.001') }, 'invalid_amount'],
    ['ten digits', { amount: eur('1000000000') }, 'invalid_amount'],
    ['nothing', { amount: eur('0') }, 'invalid_amount'],
    [
      'an id in capitals',
      { destination: { ...account, userId: ids.user_id.toUpperCase() } },
      'invalid_destination',
    ],
    [
      'a purpose that is no code',
      { destination: { ...account, purposeCode: 'other' } },
      'invalid_destination',
    ],
    [
      'too long a text',
      {
        destination: { ...account, remittanceInformation: 'x'.repeat(120) },
      },
      'invalid_destination',
    ],
    ['an address', { destination: { type: 'address', address: '0xabc' } }, 'not_supported'],
  ])('refuses %s before any call', async (_what, change, reason) => {
    const { adapter, sent } = venue();

    expect(await adapter.prepare({ ...order, ...change })).toMatchObject({
      kind: 'refused',
      reason,
    });
    expect(sent).toEqual([]);
  });
});

describe('the idempotency key', () => {
  it('is valid at Upvest, and different for each withdrawal', () => {
    const pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

    expect(idempotencyKeyOf(reference)).toMatch(pattern);
    expect(idempotencyKeyOf(`${reference}1`)).not.toBe(idempotencyKeyOf(reference));
  });
});

describe('submit', () => {
  it('sends the stored bytes under the stored key, each time with a fresh signature', async () => {
    const { adapter, sent } = venue();
    const request = {
      form: 'withdrawal',
      body: '{"amount":"1.00"}',
      gross: eur('1.00'),
      evidence: { idempotency_key: 'key-1' },
    };

    await adapter.submit(request);
    await adapter.submit(request);

    const [token, first, second] = sent;
    expect(sent.map(({ path }) => path)).toEqual([
      '/auth/token',
      '/payments/withdrawals',
      '/payments/withdrawals',
    ]);
    expect([first?.body, first?.headers['idempotency-key'], first?.pays]).toEqual([
      request.body,
      'key-1',
      true,
    ]);
    expect([second?.body, second?.headers['idempotency-key']]).toEqual([request.body, 'key-1']);
    expect(first?.headers['signature']).not.toBe(second?.headers['signature']);
    for (const one of [token, first, second])
      expect(
        verifyUpvest('v15', publicKey, {
          method: 'POST',
          path: one?.path ?? '',
          query: '',
          headers: one?.headers ?? {},
          body: one?.body ?? '',
        }),
      ).toBe(true);
    expect(token?.headers).not.toHaveProperty('authorization');
  });

  it('never sends what has lost its key', async () => {
    const { adapter, sent } = venue();

    await expect(
      adapter.submit({ form: 'withdrawal', body: '{}', gross: eur('1'), evidence: {} }),
    ).rejects.toThrow('idempotency key');
    expect(sent).toEqual([]);
  });
});

describe('list', () => {
  const row = (n: number, created_at: string) => ({
    id: `w${n}`,
    created_at,
    ...ids,
    amount: '1.00',
    currency: 'EUR',
  });
  const window = {
    form: 'withdrawal',
    from: new Date('2026-11-20T08:00:00Z'),
    to: new Date(),
    offset: 0,
  };
  const other = destinationKey({
    type: 'reference_account',
    userId: 'u',
    accountGroupId: 'g2',
    referenceAccountId: 'r',
  });
  const ours = destinationKey(account);

  it('asks each account group once, newest first, until its records are older than the window', async () => {
    const full = Array.from({ length: 1_000 }, (_, n) => row(n, '2026-11-20T09:00:00Z'));
    const old = Array.from({ length: 1_000 }, (_, n) => row(1_000 + n, '2026-11-20T07:00:00Z'));
    const { adapter, sent } = venue((path) => ({
      data: path.includes('g2') ? [] : path.includes('offset=0&') ? full : old,
    }));

    const listing = await adapter.list({ ...window, destinations: [ours, ours, other] });

    expect(listing.kind === 'page' && [listing.records.length, listing.last]).toEqual([
      2_000,
      true,
    ]);
    expect(sent.slice(1).map(({ path }) => path)).toEqual([
      `/account_groups/${ids.account_group_id}/payments/withdrawals?sort=created_at&order=DESC&offset=0&limit=1000`,
      `/account_groups/${ids.account_group_id}/payments/withdrawals?sort=created_at&order=DESC&offset=1000&limit=1000`,
      '/account_groups/g2/payments/withdrawals?sort=created_at&order=DESC&offset=0&limit=1000',
    ]);
  });

  it('puts a row aside that cannot be read, and an answer without rows is unavailable', async () => {
    const rows = [row(1, '2026-11-20T09:00:00Z'), { status: 'NEW' }];

    expect(
      await venue(() => ({ data: rows })).adapter.list({ ...window, destinations: [ours] }),
    ).toMatchObject({
      kind: 'page',
      records: [{ venueReference: 'w1' }],
      unreadable: [{ field: 'id', value: 'missing' }],
    });
    expect((await venue(() => ({})).adapter.list({ ...window, destinations: [ours] })).kind).toBe(
      'unavailable',
    );
    expect(
      (await venue(() => undefined).adapter.list({ ...window, destinations: [ours] })).kind,
    ).toBe('unavailable');
  });

  it('of one record asks for it by its id', async () => {
    const { adapter, sent } = venue(() => row(7, '2026-11-20T09:00:00Z'));

    expect(await adapter.list({ ...window, venueReference: 'w7' })).toMatchObject({
      kind: 'page',
      records: [{ venueReference: 'w7' }],
    });
    expect(sent.at(-1)?.path).toBe('/payments/withdrawals/w7');
  });
});
