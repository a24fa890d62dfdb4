import { randomUUID } from 'node:crypto';
import { ServiceCredential } from '@sluice/service-shell';
import { Secret } from '@sluice/runtime';
import { readSigned } from '@sluice/evm';
import { readClosed, signProof } from '@sluice/signing';
import { SIGNER_REFUSALS, type SignatureRequestDto } from '@sluice/signer-api';
import { testMessageKeys } from '@sluice/test-kit';
import { newServiceKey } from '@sluice/test-servers';
import fc from 'fast-check';
import type { Hex } from 'viem';
import { CALLER, givenSigner, migrated, type SignerUnderTest } from './testkit/given-signer.js';
import {
  ACCOUNT,
  aPayment,
  aTopUp,
  aVoid,
  HOT,
  HOT_ON_BSC,
  SOMEBODY,
  TANK,
  THIEF,
  vouched,
} from './testkit/wallets.js';

/** Who has all of connector-evm has its credential, its message keys, every order it was ever given, and every receipt that came with one. */
const KEYS = testMessageKeys('connector-evm');
const LATER = new Date(Date.now() + 3_600_000);
const OTHER_ACCOUNT = '0d6f1c1e-5b0a-4f0e-9f63-2f5a6c2f7b12';

let signer: SignerUnderTest;
beforeAll(async () => void (signer = await givenSigner(await migrated())));
afterAll(() => signer.close());

let nonce = 100;
const nextNonce = (): string => `${++nonce}`;
const refused = (name: keyof typeof SIGNER_REFUSALS) => {
  const [status, message] = SIGNER_REFUSALS[name];
  return { status, message };
};
const toThief = { destination: { type: 'address' as const, address: THIEF } };

/** Of what was signed until now, everything that moves something to somebody. */
async function moved() {
  const rows = await signer.database.query<{ raw: Hex }>(
    `SELECT raw FROM signature ORDER BY signing_hash`,
  );
  const read = await Promise.all(rows.map(({ raw }) => readSigned(raw)));
  return read.map((one) => {
    if (!one.ok) throw new Error(one.refusal);
    return one.value;
  });
}

describe('who has all that the connector has gets no signature', () => {
  it.each<[string, Partial<SignatureRequestDto>]>([
    ['recipient', toThief],
    ['amount', { amount: '999999' }],
    ['asset', { asset: 'ETH.ETH' }],
    ['account', { account_id: OTHER_ACCOUNT }],
    ['fee', { fee: '0' }],
    ['withdrawal', { withdrawal_id: randomUUID() }],
  ])('for another %s than in the receipt of the ledger', async (_what, change) => {
    const order = aPayment({ nonce: nextNonce() });
    expect(await signer.ask({ ...order, ...change })).toMatchObject(refused('digest_wrong'));

    // The digest is no secret: whoever knows the terms can make it.
    const { digest } = vouched({ ...order, ...change });
    expect(await signer.ask({ ...order, ...change, digest })).toMatchObject(
      refused('receipt_wrong'),
    );
  });

  it('with any word that it can make itself', async () => {
    const order = aPayment({ nonce: nextNonce(), ...toThief });
    const { withdrawal_id: withdrawalId = '', digest = '' } = order;
    const hold = { withdrawalId, digest, venue: 'wallet' };
    const words = ['intake-api', 'ledger', 'connector-evm'].flatMap((peer) => {
      const ring = KEYS.with(peer);
      return [
        signProof(ring, { says: 'held', to: 'signer', ...hold, until: LATER }),
        signProof(ring, { says: 'held', to: 'connector', ...hold, until: LATER }),
        signProof(ring, { says: 'ordered', ...hold, clientReference: null, notAfter: null }),
      ];
    });
    for (const receipt of [...words, '', '.', 'test.', `test.${'A'.repeat(43)}`])
      expect([403, 422]).toContain((await signer.ask({ ...order, receipt })).status);
    expect(await moved()).not.toContainEqual(expect.objectContaining({ to: THIEF }));
  });

  it('for an order that the ledger has given to another venue', async () => {
    const order = aPayment({ nonce: nextNonce() });
    const { withdrawal_id: withdrawalId = '', digest = '' } = order;
    const ring = testMessageKeys('ledger').with('signer');
    const receipt = signProof(ring, {
      says: 'held',
      to: 'signer',
      withdrawalId,
      digest,
      venue: 'gateio',
      until: LATER,
    });
    expect(await signer.ask({ ...order, receipt })).toMatchObject(refused('receipt_wrong'));
  });

  it('for orders that were cancelled and whose holds were given back, with the receipts that they left (F3)', async () => {
    const orders = Array.from({ length: 5 }, () => aPayment({ nonce: nextNonce() }));
    await signer.closed(...orders.map(({ withdrawal_id: id = '' }) => id)); // without it the ledger releases nothing

    const answers = await Promise.all(orders.map((order) => signer.ask(order)));

    expect(answers).toEqual(
      orders.map(() => expect.objectContaining(refused('withdrawal_closed')) as unknown),
    );
    expect(await signer.violations()).toEqual([]);
  });

  it('with a receipt that has ended, or whose end was moved', async () => {
    const order = aPayment({ nonce: nextNonce() });
    const ended = new Date(Date.now() - 1_000);
    const { receipt } = vouched(order, ended);
    const moved = receipt.replace(ended.toISOString(), LATER.toISOString());

    expect(await signer.ask({ ...order, receipt })).toMatchObject(refused('receipt_expired'));
    expect(await signer.ask({ ...order, receipt: moved })).toMatchObject(refused('receipt_wrong'));
  });

  it('for a payment requested during its closing, or the ledger learns of the signature', async () => {
    const ring = testMessageKeys('ledger').with('signer');
    for (let round = 0; round < 20; round++) {
      const order = aPayment({ nonce: nextNonce() });
      const { withdrawal_id: id = '' } = order;
      const [asked, closed] = await Promise.all([signer.ask(order), signer.closed(id)]);

      const said = readClosed(ring, id, closed.data[0]?.statement);
      expect([asked.status, said]).toEqual(
        asked.status === 200 ? [200, 'signed'] : [403, 'unsigned'],
      );
    }
    expect(await signer.violations()).toEqual([]);
  });

  it('twice for one withdrawal: not under another nonce, wallet or chain', async () => {
    const order = aPayment({ nonce: nextNonce() });
    await signer.signed(order);

    expect(await signer.ask({ ...order, nonce: nextNonce() })).toMatchObject(
      refused('withdrawal_elsewhere'),
    );
    expect(await signer.ask({ ...order, from: TANK })).toMatchObject(refused('sender_unknown'));
    expect(await signer.ask({ ...order, network: 'BSC', from: HOT_ON_BSC })).toMatchObject(
      refused('asset_unknown'),
    );
    expect(await signer.ask({ ...order, from: HOT_ON_BSC })).toMatchObject(
      refused('sender_unknown'),
    );
  });

  it('for two orders under one nonce, one of which could then replace the other', async () => {
    const first = aPayment({ nonce: nextNonce() });
    await signer.signed(first);
    const second = aPayment({ nonce: first.nonce, max_fee_per_gas: '90000000000' });
    expect(await signer.ask(second)).toMatchObject(refused('nonce_taken'));
  });

  it('for a void or a top-up that pays somebody', async () => {
    const { raw } = await signer.signed(aVoid({ nonce: nextNonce(), to: THIEF, amount: '5' }));
    expect(await readSigned(raw as Hex)).toMatchObject({ value: { to: HOT, amount: 0n } });
    expect(await signer.ask(aTopUp({ to: THIEF }))).toMatchObject(refused('top_up_elsewhere'));
    expect(await signer.ask(aTopUp({ from: HOT, to: TANK }))).toMatchObject(
      refused('sender_unknown'),
    );
  });

  it('for any request: signed bytes move only amounts with a receipt of the ledger', async () => {
    const vouchedFor = Array.from({ length: 6 }, () => aPayment({ nonce: nextNonce() }));
    const anyField = fc.constantFrom(
      ...([
        'network',
        'nonce',
        'from',
        'withdrawal_id',
        'account_id',
        'asset',
        'amount',
        'fee',
      ] as const),
      ...(['destination', 'digest', 'receipt', 'kind', 'to'] as const),
    );
    const anyOrder = fc.constantFrom(...vouchedFor);
    await fc.assert(
      fc.asyncProperty(
        anyOrder,
        anyOrder,
        fc.array(anyField, { maxLength: 4 }),
        async (one, other, fields) => {
          const mixed = fields.reduce<SignatureRequestDto>(
            (request, field) => ({
              ...request,
              [field]: {
                ...aTopUp(),
                ...other,
                ...toThief,
                kind: 'top_up',
                from: TANK,
                to: THIEF,
                amount: '7',
              }[field],
            }),
            one,
          );
          await signer.ask(mixed);
        },
      ),
      { numRuns: 150 },
    );
    for (const { to } of await moved()) expect([SOMEBODY, HOT, TANK]).toContain(to);
    expect(await signer.violations()).toEqual([]);
  }, 120_000);

  it('that burns the wallet as gas: a transaction and an hour have their caps', async () => {
    const at = (gas_limit: string, gwei: number) => ({
      gas_limit,
      max_fee_per_gas: `${gwei}000000000`,
      max_priority_fee_per_gas: `${gwei}000000000`,
    });
    expect(await signer.ask(aVoid(at('21000', 201)))).toMatchObject(refused('fee_too_high'));
    expect(await signer.ask(aVoid(at('100001', 1)))).toMatchObject(refused('gas_too_high'));
    const dear = at('100000', 200);
    // The hour does not end meanwhile, and 18 coins of it are spent.
    await signer.database.query(
      `UPDATE signed_total SET hour = '2100-01-01', amount = CASE spending WHEN 'gas' THEN 18 ELSE amount END`,
    );
    for (let asked = 0; asked < 110; asked++)
      await signer.ask(aVoid({ network: 'ETH', nonce: nextNonce(), ...dear }));

    const [row] = await signer.database.query<{ sum: string }>(
      `SELECT sum(gas_cost)::text AS sum FROM signature JOIN signed_nonce USING (chain_id, address, nonce) WHERE chain_id = 31337`,
    );
    expect(Number(row?.sum)).toBeGreaterThan(1.9);
    expect(Number(row?.sum)).toBeLessThanOrEqual(2.1);
    expect(await signer.ask(aVoid({ nonce: nextNonce(), ...dear }))).toMatchObject(
      refused('gas_hour_is_full'),
    );
  }, 120_000);
});

describe('who is somebody else gets nothing at all', () => {
  const statusFor = async (token: string | null) => {
    const headers = {
      'content-type': 'application/json',
      ...(token !== null && { authorization: `Bearer ${token}` }),
    };
    const url = '/internal/signatures';
    return (await signer.app.inject({ method: 'POST', url, headers, payload: aPayment() }))
      .statusCode;
  };
  const now = () => signer.service.clock.now();

  it('whatever the credential', async () => {
    const stranger = new ServiceCredential(
      'connector-evm',
      'signer',
      new Secret(newServiceKey().privateKey),
      now,
    );
    const elsewhere = new ServiceCredential(
      'connector-evm',
      'ledger',
      new Secret(CALLER.privateKey),
      now,
    );
    const asIntake = new ServiceCredential(
      'intake-api',
      'signer',
      new Secret(CALLER.privateKey),
      now,
    );

    expect(await statusFor(null)).toBe(401);
    expect(await statusFor('x')).toBe(401);
    for (const one of [stranger, elsewhere, asIntake])
      expect(await statusFor(await one.token())).toBe(401);
    expect(await statusFor(signer.issuer.tokenOf('demo'))).toBe(403);
  });

  it('and the audit log lists the refusals', async () => {
    await signer.ask(aPayment({ account_id: ACCOUNT, receipt: 'test.A', nonce: nextNonce() }));
    const entries = await signer.database.query<{ refusal: string }>(
      `SELECT refusal FROM audit_entry WHERE caller_name = 'connector-evm'`,
    );
    expect(entries.map(({ refusal }) => refusal)).toContain(SIGNER_REFUSALS.receipt_wrong[1]);
    expect(entries.filter(({ refusal }) => refusal === null)).toEqual([]);
  });
});
