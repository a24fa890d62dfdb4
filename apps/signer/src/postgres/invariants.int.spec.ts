import { randomUUID } from 'node:crypto';
import { checkInvariants, withPlatform } from '@sluice/postgres';
import { asService, rightsFaults } from '@sluice/test-servers';
import {
  givenSigner,
  INVARIANTS,
  migrated,
  type SignerUnderTest,
} from '../testkit/given-signer.js';
import { aPayment, aTopUp, aVoid } from '../testkit/wallets.js';
import { SIGNER_SCHEMA } from './schema.js';

let signer: SignerUnderTest;
beforeEach(async () => void (signer = await givenSigner(await migrated())));
afterEach(() => signer.close());

/** A payment, the same at a higher fee, its void, and gas for a hot wallet. */
async function signSome(): Promise<void> {
  const payment = aPayment();
  await signer.signed(payment);
  await signer.signed({ ...payment, max_fee_per_gas: '40000000000' });
  await signer.signed(aVoid({ max_fee_per_gas: '50000000000' }));
  await signer.signed(aTopUp());
  await signer.closed(randomUUID());
}

const PLANTED: Readonly<Record<string, readonly string[]>> = {
  'signature-fits-its-nonce': [
    `UPDATE signature SET recipient = '0x00000000219ab540356cBB839Cbe05303d7705Fa' WHERE kind = 'payment'`,
  ],
  'payment-has-one-nonce': [
    'ALTER TABLE signed_nonce DROP CONSTRAINT signed_nonce_withdrawal_id_key',
    `INSERT INTO signed_nonce (chain_id, address, nonce, kind, withdrawal_id, recipient, token, units, gas_asset, number, seal)
     SELECT chain_id, address, nonce + 1, kind, withdrawal_id, recipient, token, units, gas_asset, number + 1, seal
       FROM signed_nonce WHERE kind = 'payment'`,
  ],
  'closed-is-signed-no-more': [
    `INSERT INTO closed_withdrawal SELECT withdrawal_id, false FROM signed_nonce WHERE kind = 'payment'`,
  ],
  'numbers-have-no-gap': [`UPDATE signed_nonce SET number = 5 WHERE kind = 'payment'`],
  'totals-count-all': [`UPDATE signed_total SET amount = 0.000001 WHERE spending = 'gas'`],
};

describe('the login of the signer', () => {
  it('may do what is declared, and nothing else to any table', async () => {
    expect(await rightsFaults(asService(signer.url), withPlatform(SIGNER_SCHEMA).rights)).toEqual(
      [],
    );
  });

  it.each([
    `UPDATE signed_nonce SET withdrawal_id = gen_random_uuid()`,
    'DELETE FROM signed_nonce',
    `UPDATE signature SET raw = ''`,
    'DELETE FROM signature',
    'DELETE FROM signed_total',
    'DELETE FROM closed_withdrawal',
    'UPDATE closed_withdrawal SET signed = true',
    'TRUNCATE signature',
  ])('may not: %s', async (statement) => {
    await expect(signer.service.query(statement)).rejects.toMatchObject({ code: '42501' });
  });
});

describe('invariants', () => {
  it('hold for valid rows, and check the rows', async () => {
    await signSome();

    expect(await checkInvariants(signer.database, INVARIANTS)).toMatchObject({
      violations: [],
      populations: { nonces: 2, signatures: 4, totals: 3, closed: 1 },
    });
  });

  it.each(Object.entries(PLANTED))('%s is found where it is broken', async (name, statements) => {
    await signSome();
    for (const statement of statements) await signer.database.query(statement);

    const violations = await signer.violations();

    expect(violations.map(({ invariant }) => invariant)).toEqual([
      expect.stringContaining(`${name}: `) as string,
    ]);
  });
});

describe('the database itself', () => {
  const add = (columns: string) =>
    signer.service.query(
      `INSERT INTO signed_nonce (chain_id, address, nonce, kind, withdrawal_id, recipient, token, units, gas_asset, number, seal)
       SELECT ${columns}, number + 1, seal FROM signed_nonce WHERE kind = 'payment'`,
    );

  it.each([
    [
      'a nonce for two',
      'chain_id, address, nonce, kind, gen_random_uuid(), recipient, token, units, gas_asset',
      '23505',
    ],
    [
      'a withdrawal under two',
      'chain_id, address, nonce + 1, kind, withdrawal_id, recipient, token, units, gas_asset',
      '23505',
    ],
    [
      'a payment of nobody',
      `chain_id, address, nonce + 1, kind, NULL, recipient, token, units, gas_asset`,
      '23514',
    ],
    [
      'a void that pays',
      `chain_id, address, nonce + 1, 'void', NULL, address, NULL, 1, gas_asset`,
      '23514',
    ],
    [
      'a void to another',
      `chain_id, address, nonce + 1, 'void', NULL, recipient, NULL, 0, gas_asset`,
      '23514',
    ],
  ])('refuses %s', async (_what, columns, code) => {
    await signSome();
    await expect(add(columns)).rejects.toMatchObject({ code });
  });
});
