import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { SIGNER_REFUSALS } from '@sluice/signer-api';
import { eventually } from '@sluice/test-kit';
import { withClient } from '@sluice/test-servers';
import { givenSigner, migrated, type SignerUnderTest } from '../testkit/given-signer.js';
import { aPayment, aVoid, HOT_OF_ACCOUNT } from '../testkit/wallets.js';

let signer: SignerUnderTest;
const [status, message] = SIGNER_REFUSALS.records_altered;
const ALTERED = { status, message };

beforeEach(async () => void (signer = await givenSigner(await migrated())));
afterEach(() => signer.close());

/** Statements of PostgreSQL's superuser, without foreign keys. */
function asSuperuser(...statements: readonly string[]): Promise<void> {
  return withClient(signer.url, async (client) => {
    for (const statement of [`SET session_replication_role = 'replica'`, ...statements])
      await client.query(statement);
  });
}

/** Runs the statements while no signer runs. */
async function whileStopped(...statements: readonly string[]): Promise<void> {
  await signer.close();
  await asSuperuser(...statements);
  signer = await givenSigner(signer.url);
}

/** The same withdrawal at another nonce, as a connector with an older database requests it. */
const again = (payment: ReturnType<typeof aPayment>) => ({ ...payment, nonce: '8' });

/** Metric of the signer. */
async function altered(): Promise<string | undefined> {
  const { body } = await signer.app.inject({ url: '/metrics' });
  return body.split('\n').find((line) => line.startsWith('sluice_signer_records_altered '));
}

const RELABEL = `UPDATE signed_nonce SET withdrawal_id = '${randomUUID()}' WHERE nonce = 7`;
const DELETE = 'DELETE FROM signed_nonce WHERE nonce = 7';
const UNSEAL = [
  'ALTER TABLE signed_nonce ALTER COLUMN seal DROP NOT NULL, ALTER COLUMN number DROP NOT NULL',
  'UPDATE signed_nonce SET seal = NULL, number = NULL WHERE nonce = 7',
];

describe('a used nonce', () => {
  it.each([
    ['given to another withdrawal', [RELABEL]],
    ['given to another withdrawal, without a seal', [RELABEL, ...UNSEAL]],
    ['deleted', [DELETE]],
    ['replaced by another row', [DELETE, 'UPDATE signed_nonce SET nonce = 7 WHERE nonce = 6']],
    ['moved', ['UPDATE signed_nonce SET nonce = 70 WHERE nonce = 7']],
  ])('%s pays no second time, and stops every signature', async (_what, statements) => {
    const payment = aPayment();
    const { withdrawal_id: id = '' } = payment;
    await signer.signed(aVoid({ nonce: '6' }));
    await signer.signed(payment);
    await asSuperuser(...statements);

    expect(await signer.ask(again(payment))).toMatchObject(ALTERED);

    expect(await signer.ask(aPayment({ nonce: '9' }))).toMatchObject(ALTERED);
    expect(await signer.ask(aVoid({ from: HOT_OF_ACCOUNT }))).toMatchObject(ALTERED);
    expect(await signer.closed(id)).toMatchObject(ALTERED);
    expect(await signer.given(id)).toMatchObject(ALTERED);
    expect(await altered()).toBe('sluice_signer_records_altered 1');
  });

  it('re-labelled is missed by the statement that its withdrawal is unsigned', async () => {
    const payment = aPayment();
    await signer.signed(payment);
    await asSuperuser(RELABEL);
    expect(await signer.closed(payment.withdrawal_id ?? '')).toMatchObject(ALTERED);
    expect(await signer.database.query('SELECT FROM closed_withdrawal')).toEqual([]);
  });

  it('re-labelled is missed by the question for its withdrawal', async () => {
    const payment = aPayment();
    await signer.signed(payment);
    await asSuperuser(RELABEL);
    expect(await signer.given(payment.withdrawal_id ?? '')).toMatchObject(ALTERED);
  });

  it.each([
    ['deleted', DELETE],
    ['re-labelled', RELABEL],
  ])('%s is found although nothing is requested', async (_what, statement) => {
    await signer.signed(aPayment());
    await asSuperuser(statement);
    await eventually(async () => expect(await altered()).toBe('sluice_signer_records_altered 1'));
  });

  it.each([
    ['re-labelled', [RELABEL]],
    ['deleted before later nonces', [DELETE]],
    ['unsealed', UNSEAL],
    ['re-labelled and unsealed', [RELABEL, ...UNSEAL]],
  ])('%s while no signer runs stops the start of signing', async (_what, statements) => {
    await signer.signed(aPayment());
    await signer.signed(aPayment({ nonce: '8' }));
    await whileStopped(...statements);
    expect(await signer.ask(aPayment({ nonce: '9' }))).toMatchObject(ALTERED);
  });

  it('is known to another instance, which then misses it', async () => {
    const other = await givenSigner(signer.url);
    try {
      const payment = aPayment();
      await signer.signed(payment);
      await other.signed(aPayment({ nonce: '8' }));
      await asSuperuser(RELABEL);
      expect(await other.ask({ ...payment, nonce: '9' })).toMatchObject(ALTERED);
    } finally {
      await other.close();
    }
  });

  it('is trusted again after its restoration and a restart', async () => {
    const payment = aPayment();
    const { raw } = await signer.signed(payment);
    await asSuperuser(RELABEL);
    expect(await signer.ask(again(payment))).toMatchObject(ALTERED);

    await whileStopped(`UPDATE signed_nonce SET withdrawal_id = '${payment.withdrawal_id}'`);

    expect((await signer.ask(payment)).data).toMatchObject({ raw });
    expect(await signer.ask(again(payment))).toMatchObject({
      message: SIGNER_REFUSALS.withdrawal_elsewhere[1],
    });
  });
});

describe('a question during an assignment', () => {
  it('never mistakes the new nonce for a missing one', async () => {
    const payments = Array.from({ length: 30 }, (_, index) => aPayment({ nonce: `${7 + index}` }));
    const ids = payments.map(({ withdrawal_id }) => withdrawal_id ?? '');
    let isSigning = true;
    const asking = async (): Promise<void> => {
      while (isSigning) expect(await signer.given(...ids)).toMatchObject({ status: 200 });
    };

    const questions = [asking(), asking(), asking()];
    for (const payment of payments) await signer.signed(payment);
    isSigning = false;
    await Promise.all(questions);

    expect(await altered()).toBe('sluice_signer_records_altered 0');
  });
});

describe('a closed withdrawal', () => {
  const REOPEN = 'DELETE FROM closed_withdrawal';
  const reopened = async () => {
    const payment = aPayment();
    await signer.closed(payment.withdrawal_id ?? '');
    return payment;
  };

  it('removed from the closed ones is not paid, and stops every signature', async () => {
    const payment = await reopened();
    await asSuperuser(REOPEN);
    expect(await signer.ask(payment)).toMatchObject(ALTERED);
    expect(await signer.ask(aPayment())).toMatchObject(ALTERED);
  });

  it('is known after a restart, and to another instance after a second', async () => {
    const other = await givenSigner(signer.url);
    try {
      const payment = await reopened();
      await signer.close();
      signer = await givenSigner(signer.url);
      await setTimeout(2_500);
      await asSuperuser(REOPEN);
      expect(await signer.ask(payment)).toMatchObject(ALTERED);
      expect(await other.ask(payment)).toMatchObject(ALTERED);
    } finally {
      await other.close();
    }
  });
});

describe('a row of a nonce', () => {
  it.each(['number', 'seal'])('without a %s is refused by the database', async (part) => {
    await signer.signed(aPayment());
    await expect(
      signer.database.query(`UPDATE signed_nonce SET ${part} = NULL`),
    ).rejects.toMatchObject({ code: '23502' });
  });
});

describe('a changed key of the ledger', () => {
  const keys = (...ids: readonly string[]) =>
    JSON.stringify({
      ledger: ids.map((id) => ({
        id,
        key: Buffer.from(`${id}: 0123456789abcdefghijklmnop`).toString('base64'),
      })),
    });

  it('seals every row anew, and the old key may be removed', async () => {
    await signer.close();
    const url = await migrated();
    const start = async (...ids: readonly string[]) => {
      signer = await givenSigner(url, { MESSAGE_KEYS: keys(...ids) });
      await signer.signed(aVoid());
    };
    await start('old-key');
    await signer.close();
    await start('old-key', 'new-key');
    await signer.close();
    await start('new-key', 'old-key');
    await signer.close();
    await start('new-key');

    const rows = 'SELECT left(seal, 7) AS key FROM signed_nonce';
    expect(await signer.database.query(rows)).toEqual([{ key: 'new-key' }]);
  });
});
