import { randomUUID } from 'node:crypto';
import { readSigned } from '@sluice/evm';
import { SIGNER_REFUSALS } from '@sluice/signer-api';
import type { Hex } from 'viem';
import { givenSigner, migrated, type SignerUnderTest } from '../testkit/given-signer.js';
import {
  aPayment,
  aTopUp,
  aVoid,
  HOT,
  HOT_OF_ACCOUNT,
  SOMEBODY,
  TANK,
  USDT,
  vouched,
} from '../testkit/wallets.js';

let signer: SignerUnderTest;
beforeEach(async () => void (signer = await givenSigner(await migrated())));
afterEach(() => signer.close());

const refused = (name: keyof typeof SIGNER_REFUSALS) => {
  const [status, message] = SIGNER_REFUSALS[name];
  return { status, message };
};

/** Does not end while a test runs. */
const LONG_HOUR = `UPDATE signed_total SET hour = '2100-01-01'`;

describe('what is signed', () => {
  it('is the transfer that was asked for, from the wallet, under the nonce, at the fees', async () => {
    const { raw } = await signer.signed(aPayment());

    expect(await readSigned(raw as Hex)).toEqual({
      ok: true,
      value: {
        chainId: 31337,
        from: HOT,
        to: SOMEBODY,
        token: USDT,
        amount: 12_500_000n,
        nonce: 7n,
        fees: {
          gasLimit: 65_000n,
          maxFeePerGas: 30_000_000_000n,
          maxPriorityFeePerGas: 1_000_000_000n,
        },
      },
    });
  });

  it.each([
    [
      'gas for a hot wallet',
      aTopUp(),
      { from: TANK, to: HOT, token: null, amount: 5n * 10n ** 17n },
    ],
    ['nothing to itself', aVoid(), { from: HOT, to: HOT, token: null, amount: 0n }],
  ])('may be %s', async (_what, request, value) => {
    const { raw } = await signer.signed(request);
    expect(await readSigned(raw as Hex)).toMatchObject({ ok: true, value });
  });

  it('is the same for the same request, however often and at once', async () => {
    const payment = aPayment();
    const at = await Promise.all(Array.from({ length: 8 }, () => signer.signed(payment)));
    const later = await signer.signed(payment);

    expect(new Set([...at, later].map(({ raw }) => raw)).size).toBe(1);
    const [row] = await signer.database.query<{ count: string }>('SELECT count(*) FROM signature');
    expect(row?.count).toBe('1');
  });

  it('is each sender’s own, though the bytes that are signed are the same', async () => {
    const senders = [HOT, HOT_OF_ACCOUNT];
    const signed = await Promise.all(senders.map((from) => signer.signed(aPayment({ from }))));
    const later = await signer.signed(aVoid({ from: HOT_OF_ACCOUNT, nonce: '9' }));

    const read = await Promise.all([...signed, later].map(({ raw }) => readSigned(raw as Hex)));
    expect(read.map((one) => one.ok && one.value.from)).toEqual([...senders, HOT_OF_ACCOUNT]);
  });

  it('is the same at two instances that are asked at once', async () => {
    const other = await givenSigner(signer.url);
    const payments = Array.from({ length: 20 }, (_one, nonce) => aPayment({ nonce: `${nonce}` }));
    try {
      const [ours, theirs] = await Promise.all(
        [signer, other].map((one) => Promise.all(payments.map((request) => one.signed(request)))),
      );
      expect(ours).toEqual(theirs);
    } finally {
      await other.close();
    }
    expect(await signer.violations()).toEqual([]);
  });

  it('counts once against the hour, at all instances together', async () => {
    const other = await givenSigner(signer.url);
    await signer.database.query(LONG_HOUR);
    // 25 payments of a million are more than the 20 of an hour.
    const payments = Array.from({ length: 25 }, (_one, nonce) =>
      aPayment({ nonce: `${nonce}`, amount: '1000000' }),
    );
    try {
      const answers = await Promise.all(
        payments.map((request, at) => (at % 2 === 0 ? signer : other).ask(request)),
      );
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(20);
      expect(answers.filter(({ status }) => status !== 200)[0]).toMatchObject(
        refused('hour_is_full'),
      );
    } finally {
      await other.close();
    }
  });

  it('is free again in the next hour', async () => {
    await signer.database.query(LONG_HOUR);
    await signer.database.query(
      `UPDATE signed_total SET amount = 20000000 WHERE asset = 'USDT.ETH'`,
    );
    expect(await signer.ask(aPayment())).toMatchObject(refused('hour_is_full'));

    await signer.database.query(`UPDATE signed_total SET hour = now() - interval '1 hour'`);
    expect(await signer.ask(aPayment())).toMatchObject({ status: 200 });
  });
});

describe('a nonce', () => {
  it('is signed again at a higher fee, and for nothing', async () => {
    const payment = aPayment();
    const signed = [
      await signer.signed(payment),
      await signer.signed({ ...payment, max_fee_per_gas: '40000000000' }),
      await signer.signed(aVoid({ max_fee_per_gas: '50000000000' })),
    ];
    expect(new Set(signed.map(({ hash }) => hash)).size).toBe(3);
  });

  it('is never signed for another payment, whether that comes later or at the same moment', async () => {
    const both = await Promise.all([signer.ask(aPayment()), signer.ask(aPayment())]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    expect(await signer.ask(aPayment())).toMatchObject(refused('nonce_taken'));
  });

  it('of a void is never signed for a payment', async () => {
    await signer.signed(aVoid());
    expect(await signer.ask(aPayment())).toMatchObject(refused('nonce_taken'));
  });

  it('is the only one of its withdrawal', async () => {
    const payment = aPayment();
    await signer.signed(payment);
    expect(await signer.ask({ ...payment, nonce: '8' })).toMatchObject(
      refused('withdrawal_elsewhere'),
    );
  });

  it('lies within 512 of the highest of its address', async () => {
    for (const nonce of ['500', '1000']) await signer.signed(aPayment({ nonce }));
    expect(await signer.ask(aPayment({ nonce: '1513' }))).toMatchObject(refused('nonce_too_high'));
    expect(await signer.ask(aPayment({ nonce: '487' }))).toMatchObject(refused('nonce_final'));
    expect(await signer.ask(aPayment({ nonce: '1512' }))).toMatchObject({ status: 200 });
    expect(await signer.ask(aVoid({ nonce: '3' }))).toMatchObject({ status: 200 });
  });
});

describe('what was signed for a withdrawal', () => {
  it('is returned with its nonce and all transactions; a withdrawal without a signature is not returned', async () => {
    const payment = aPayment();
    const first = await signer.signed(payment);
    const dearer = await signer.signed({ ...payment, max_fee_per_gas: '40000000000' });
    const nothing = await signer.signed(aVoid({ max_fee_per_gas: '50000000000' }));
    const { withdrawal_id: id = '' } = payment;

    expect((await signer.given(id, randomUUID())).data).toEqual([
      {
        withdrawal_id: id,
        from: HOT,
        nonce: '7',
        transactions: [first, dearer, nothing],
        closed: false,
      },
    ]);
    await signer.closed(id);
    expect((await signer.given(id)).data).toMatchObject([{ withdrawal_id: id, closed: true }]);
  });

  it.each([
    ['no list', [], 'List should have at least 1 items'],
    ['what is no id', ['w1'], '"w1" is not a withdrawal id'],
    [
      'more than a thousand',
      Array.from({ length: 1_001 }, () => randomUUID()),
      'List should have at most 1000 items',
    ],
  ])('is not returned for %s', async (_what, ids, sentence) => {
    const answer = await signer.given(...ids);
    expect(answer).toMatchObject({ status: 422, message: `withdrawal_ids: ${sentence}` });
  });
});

describe('a request that makes no sense', () => {
  it.each<[string, object, string]>([
    ['no kind', { kind: undefined }, 'kind: Field required'],
    ['another verb', { kind: 'approve' }, 'kind: Input should be one of payment, void, top_up'],
    ['a nonce below zero', { nonce: '-1' }, 'nonce: Input should be a nonce as text, such as 17'],
    ['a nonce with a point', { nonce: '1.0' }, 'nonce: Input should be a nonce as text'],
    ['a nonce that no number holds', { nonce: '9007199254740993000' }, 'nonce: Input should be'],
    ['no gas', { gas_limit: '0' }, 'gas_limit: Input should be a whole number as text'],
    ['fees below zero', { max_fee_per_gas: '-5' }, 'max_fee_per_gas: Input should be wei as text'],
    ['a sender without 0x', { from: HOT.slice(2) }, 'from: Input should be an address'],
    ['no recipient', { destination: undefined }, 'destination: Field required'],
    [
      'a bank account',
      { destination: { type: 'venue_account', kind: 'uid', value: '7' } },
      "destination.type: Input should be 'address'",
    ],
    ['nothing', { amount: '0' }, 'amount: Input should be greater than 0'],
    ['less than nothing', { amount: '-1' }, 'amount: Input should be greater than 0'],
    ['a digest that is none', { digest: 'x' }, 'digest: Input should be a SHA-256 digest in hex'],
    ['no receipt', { receipt: undefined }, 'receipt: Field required'],
  ])('%s', async (_what, change, sentence) => {
    const answer = await signer.ask({ ...aPayment(), ...change });
    expect(answer.status).toBe(422);
    expect(answer.message).toContain(sentence);
  });
});

describe('what was begun', () => {
  it('is finished after its receipt has ended: at a higher fee, the same again, or as a void', async () => {
    const payment = aPayment();
    const first = await signer.signed(payment);
    const late = { ...payment, ...vouched(payment, new Date(Date.now() - 60_000)) };

    expect(await signer.signed(late)).toEqual(first);
    expect(await signer.ask({ ...late, max_fee_per_gas: '40000000000' })).toMatchObject({
      status: 200,
    });
    expect(await signer.ask(aVoid({ max_fee_per_gas: '50000000000' }))).toMatchObject({
      status: 200,
    });
  });

  it('is signed no more once it is closed, and its nonce is used up by a void', async () => {
    const payment = aPayment();
    await signer.signed(payment);
    const { withdrawal_id: id = '' } = payment;

    expect((await signer.closed(id)).data).toMatchObject([{ withdrawal_id: id, signed: true }]);
    expect((await signer.closed(id)).data).toMatchObject([{ withdrawal_id: id, signed: true }]);
    expect(await signer.ask({ ...payment, max_fee_per_gas: '40000000000' })).toMatchObject(
      refused('withdrawal_closed'),
    );
    expect(await signer.ask(aVoid({ max_fee_per_gas: '50000000000' }))).toMatchObject({
      status: 200,
    });
  });
});

describe('an address whose nonces somebody has moved away', () => {
  const EVIDENCE = { evidence: 'ticket 9120: a stolen credential is revoked' };
  const place = async (person: string, next_nonce: string, address: string = TANK) => {
    const response = await signer.app.inject({
      method: 'POST',
      url: `/internal/wallets/ETH/${address}/next-nonce`,
      headers: { authorization: `Bearer ${signer.issuer.tokenOf(person)}` },
      payload: { next_nonce, ...EVIDENCE },
    });
    return { status: response.statusCode, ...response.json<{ data?: object; message: string }>() };
  };

  it('cannot be blocked by one top-up far above its nonces', async () => {
    expect(await signer.ask(aTopUp({ nonce: '9000' }))).toMatchObject(refused('nonce_too_high'));
    expect(await signer.ask(aTopUp({ nonce: '0' }))).toMatchObject({ status: 200 });
  });

  it('is repaired by two people, and what was given before stays given', async () => {
    const far = ['511', '1023', '1535'].map((nonce) => aTopUp({ nonce }));
    for (const request of far) await signer.signed(request);
    expect(await signer.ask(aTopUp({ nonce: '0' }))).toMatchObject(refused('nonce_final'));

    expect(await place('olivia', '0')).toMatchObject({ status: 202 });
    expect(await signer.ask(aTopUp({ nonce: '0' }))).toMatchObject(refused('nonce_final'));
    expect((await place('olivia', '0')).message).toContain('another person');
    expect(await place('peter', '0')).toMatchObject({ status: 200, data: { next_nonce: '0' } });

    expect(await signer.ask(aTopUp({ nonce: '0' }))).toMatchObject({ status: 200 });
    expect(await signer.ask(aTopUp({ nonce: '512' }))).toMatchObject({ status: 200 });
    expect(await signer.ask(aTopUp({ nonce: '1535' }))).toMatchObject({ status: 200 });
    expect(await signer.ask(aTopUp({ nonce: '1535', amount: '0.4' }))).toMatchObject(
      refused('nonce_taken'),
    );
  });

  it('is repaired only for our addresses, and only with the role', async () => {
    expect(await place('olivia', '0', SOMEBODY)).toMatchObject({ status: 404 });
    expect(await place('audrey', '0')).toMatchObject({ status: 403 });
    expect(await place('olivia', '-1')).toMatchObject({ status: 422 });
  });
});
