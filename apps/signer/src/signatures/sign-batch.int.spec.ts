import { randomUUID } from 'node:crypto';
import { readSigned } from '@sluice/evm';
import { UnitOfWork } from '@sluice/postgres';
import { MOST_SIGNED_AT_ONCE, SIGNER_REFUSALS, type SignatureRequestDto } from '@sluice/signer-api';
import type { Hex } from 'viem';
import { givenSigner, migrated, type SignerUnderTest } from '../testkit/given-signer.js';
import {
  aPayment,
  aTopUp,
  aVoid,
  HOT,
  HOT_OF_ACCOUNT,
  THIEF,
  vouched,
} from '../testkit/wallets.js';

const BODY_LIMIT = 262_144;

let signer: SignerUnderTest;
beforeEach(async () => void (signer = await givenSigner(await migrated())));
afterEach(() => signer.close());

const refused = (name: keyof typeof SIGNER_REFUSALS) => {
  const [status_code, message] = SIGNER_REFUSALS[name];
  return { status_code, message, data: null };
};
const payments = (count: number, change: Partial<SignatureRequestDto> = {}) =>
  Array.from({ length: count }, (_one, nonce) => aPayment({ nonce: `${nonce}`, ...change }));

async function rows() {
  const [counts] = await signer.database.query<{ nonces: number; signatures: number }>(
    'SELECT (SELECT count(*)::int FROM signed_nonce) AS nonces, (SELECT count(*)::int FROM signature) AS signatures',
  );
  return counts;
}

async function audited(): Promise<readonly string[]> {
  const entries = await signer.database.query<{ refusal: string }>(
    'SELECT refusal FROM audit_entry ORDER BY sequence',
  );
  return entries.map(({ refusal }) => refusal);
}

describe('a batch', () => {
  it('is answered item by item, in order, with the bytes of the single requests', async () => {
    const requests = [...payments(30), aVoid({ from: HOT_OF_ACCOUNT }), aTopUp()];
    const { status, data } = await signer.askAll(requests);

    expect(status).toBe(200);
    expect(data.map(({ index }) => index)).toEqual(requests.map((_one, index) => index));
    for (const [index, request] of requests.entries()) {
      const { status_code, message, data: signed } = data[index] ?? {};
      expect({ status_code, message }).toEqual({ status_code: 200, message: 'OK' });
      expect(signed).toEqual(await signer.signed(request));
      const read = await readSigned((signed?.raw ?? '0x') as Hex);
      expect(read).toMatchObject({
        ok: true,
        value: { nonce: BigInt(request.nonce), from: request.from },
      });
    }
    expect(await rows()).toEqual({ nonces: 32, signatures: 32 });
    expect(await signer.violations()).toEqual([]);
  });

  it('costs one transaction for its nonces and one for its signatures', async () => {
    const unitOfWork = signer.app.get(UnitOfWork);
    const run = unitOfWork.run.bind(unitOfWork);
    let transactions = 0;
    unitOfWork.run = (work) => {
      transactions += 1;
      return run(work);
    };
    await signer.askAll(payments(MOST_SIGNED_AT_ONCE));

    expect(transactions).toBe(2);
  });

  it('with refused items signs the others, and audits each refusal', async () => {
    const expired = aPayment({ nonce: '5' });
    const { receipt: forged = '' } = aPayment({ nonce: '1' });
    const toThief = { destination: { type: 'address' as const, address: THIEF } };
    const { data } = await signer.askAll([
      aPayment({ nonce: '0' }),
      aPayment({ nonce: '1', receipt: forged }),
      { ...aPayment({ nonce: '2' }), ...toThief },
      aPayment({ nonce: '3', receipt: 'x' }),
      { ...aPayment({ nonce: '4' }), nonce: '-4' },
      { ...expired, ...vouched(expired, new Date(Date.now() - 1_000)) },
      'no request',
      12.5,
      null,
      aPayment({ nonce: '6' }),
    ]);

    expect(data.map(({ status_code }) => status_code)).toEqual([
      200, 403, 403, 403, 422, 403, 422, 422, 422, 200,
    ]);
    expect(data[1]).toMatchObject(refused('receipt_wrong'));
    expect(data[2]).toMatchObject(refused('digest_wrong'));
    expect(data[4]?.message).toContain('nonce: Input should be a nonce as text');
    expect(data[5]).toMatchObject(refused('receipt_expired'));
    expect(data[6]?.message).toBe('request: Input should be a valid object');
    expect(await rows()).toEqual({ nonces: 2, signatures: 2 });
    const refusals = data.filter(({ status_code }) => status_code >= 400);
    expect((await audited()).toSorted()).toEqual(refusals.map(({ message }) => message).toSorted());
  });

  it('with the same item twice signs it once', async () => {
    const payment = aPayment();
    const { data } = await signer.askAll([payment, aVoid({ nonce: '9' }), payment]);

    expect(data[0]?.data).toEqual(data[2]?.data);
    expect(data[0]?.data).toEqual(await signer.signed(payment));
    expect(await rows()).toEqual({ nonces: 2, signatures: 2 });
  });

  it('signs a nonce for one payment, and a withdrawal under one nonce', async () => {
    const [first, second] = [aPayment({ nonce: '1' }), aPayment({ nonce: '1' })];
    const { data } = await signer.askAll([
      first,
      second,
      { ...first, nonce: '2' },
      { ...second, nonce: '3' },
    ]);

    expect(data.map(({ status_code }) => status_code)).toEqual([200, 409, 409, 200]);
    expect(data[1]).toMatchObject(refused('nonce_taken'));
    expect(data[2]).toMatchObject(refused('withdrawal_elsewhere'));
    expect(await rows()).toEqual({ nonces: 2, signatures: 2 });
    expect(await signer.violations()).toEqual([]);
  });

  it('signs no payment of a closed withdrawal', async () => {
    const [open, closed] = [aPayment({ nonce: '1' }), aPayment({ nonce: '2' })];
    await signer.closed(closed.withdrawal_id ?? '');
    const { data } = await signer.askAll([closed, open]);

    expect(data[0]).toMatchObject(refused('withdrawal_closed'));
    expect(data[1]?.status_code).toBe(200);
  });

  it('fills the hour and no more, with single requests at the same time', async () => {
    await signer.database.query(`UPDATE signed_total SET hour = '2100-01-01'`);
    const all = payments(30, { amount: '1000000' }); // an hour has 20
    const [{ data }, ...singly] = await Promise.all([
      signer.askAll(all.slice(0, 25)),
      ...all.slice(25).map((request) => signer.ask(request)),
    ]);
    const signed = [...data, ...singly.map(({ status }) => ({ status_code: status }))];

    expect(signed.filter(({ status_code }) => status_code === 200)).toHaveLength(20);
    expect(signed.filter(({ status_code }) => status_code === 409)).toHaveLength(10);
  });

  it('gets the same bytes at two instances that are asked at once', async () => {
    const other = await givenSigner(signer.url);
    const requests = payments(40);
    try {
      const [ours, theirs] = await Promise.all([signer, other].map((one) => one.askAll(requests)));
      expect(ours?.data).toEqual(theirs?.data);
    } finally {
      await other.close();
    }
    expect(await rows()).toEqual({ nonces: 40, signatures: 40 });
    expect(await signer.violations()).toEqual([]);
  });
});

describe('a batch that is refused as a whole', () => {
  it.each<[string, unknown, string]>([
    ['no list', undefined, 'requests: Field required'],
    ['something else than a list', 'x', 'requests: Input should be a list'],
    ['an empty list', [], 'requests: List should have at least 1 items'],
    [
      'more than a hundred',
      Array.from({ length: 101 }, () => aVoid()),
      'requests: List should have at most 100 items',
    ],
  ])('has %s', async (_what, requests, message) => {
    expect(await signer.askAll(requests as readonly unknown[])).toMatchObject({
      status: 422,
      message,
    });
    expect(await rows()).toEqual({ nonces: 0, signatures: 0 });
    expect(await audited()).toEqual([message]);
  });

  it('has a body above 256 KiB; one of 100 requests with the longest fields is accepted', async () => {
    const permit = 'p'.repeat(32_768);
    const longest = (): SignatureRequestDto =>
      aPayment({
        client_reference: 'w'.repeat(64),
        amount: `0.${'0'.repeat(29)}1`,
        fee: `${'9'.repeat(20)}.${'9'.repeat(30)}`,
        receipt: 'r'.repeat(256),
        gas_limit: '9'.repeat(30),
        max_fee_per_gas: '9'.repeat(30),
        max_priority_fee_per_gas: '9'.repeat(30),
      });
    const most = Array.from({ length: MOST_SIGNED_AT_ONCE }, longest);
    const { status, data } = await signer.askAll(most, permit);
    expect(status).toBe(200);
    expect(data[0]).toMatchObject(refused('receipt_wrong'));

    expect(await signer.askAll([aVoid(), 'x'.repeat(BODY_LIMIT)])).toMatchObject({
      status: 413,
      message: 'Request body too large',
    });
    expect(await rows()).toEqual({ nonces: 0, signatures: 0 });
  });

  it('comes from another caller than connector-evm', async () => {
    const response = await signer.app.inject({
      method: 'POST',
      url: '/internal/signatures/batch',
      headers: { authorization: `Bearer ${signer.issuer.tokenOf('olivia')}` },
      payload: { requests: [aVoid({ from: HOT })] },
    });
    expect(response.statusCode).toBe(403);
  });

  it('leaves the limit of a single request as it was', async () => {
    const answer = await signer.ask(aPayment({ client_reference: 'x'.repeat(70_000) }));
    expect(answer.status).toBe(413);
  });
});

it('a batch whose refusals cannot be audited answers them as unavailable', async () => {
  await signer.database.query('ALTER TABLE audit_entry RENAME TO audit_entry_away');
  const { data } = await signer.askAll([
    aPayment({ receipt: 'x', withdrawal_id: randomUUID() }),
    aVoid({ nonce: '3' }),
  ]);

  expect(data).toMatchObject([
    { status_code: 503, message: 'Service temporarily unavailable', data: null },
    { status_code: 200 },
  ]);
});
