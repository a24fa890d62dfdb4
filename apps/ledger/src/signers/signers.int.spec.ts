import { watcher, type Violations } from '@sluice/service-shell';
import { BookWatch } from '../proof/book-watch.js';
import { givenLedgerApp } from '../testkit/given-ledger-app.js';
import {
  givenAccount,
  givenLedger,
  PROOF_SECRETS,
  type TestLedger,
} from '../testkit/given-ledger.js';
import { aCustomer, addSigner, bodyOf, orderOf } from '../testkit/signed-order.js';

const SILENT = { error: () => undefined, warn: () => undefined, info: () => undefined };

describe('who signs for an account', () => {
  let ledger: TestLedger;
  let app: Awaited<ReturnType<typeof givenLedgerApp>>;
  let accountId: string;
  beforeAll(async () => {
    ledger = await givenLedger();
    app = await givenLedgerApp(ledger);
  });
  beforeEach(async () => void (accountId = await givenAccount(ledger, '1000')));
  afterAll(async () => {
    await app.close();
    await ledger.close();
  });

  const as = (name: string, ...roles: ('administer' | 'approve' | 'operate')[]): string =>
    app.issuer.tokenOf(name, { roles });
  const [ada, peter] = [
    () => as('ada', 'administer', 'approve'),
    () => as('peter', 'administer', 'approve'),
  ];
  const url = (rest = '') => `/internal/accounts/${accountId}/signers${rest}`;
  const wish = ({ keyId, publicKey } = aCustomer()) => ({ key_id: keyId, public_key: publicKey });
  const add = (body: object, token: string) => app.ask('POST', url(), body, token);
  const inForce = async () =>
    (await app.ask('GET', url())).body.data.map(
      (row: { change: string; in_force: boolean }) => `${row.change} ${row.in_force}`,
    );

  it('is added by two people, and listed with both', async () => {
    const signer = wish();
    expect((await add(signer, ada())).body.data).toMatchObject({ approval_id: expect.any(String) });
    expect(await inForce()).toEqual([]);
    expect((await add(signer, ada())).status).toBe(409);

    expect((await add(signer, peter())).body.data).toMatchObject({
      ...signer,
      change: 'added',
      in_force: true,
      requested_by: 'ada',
      approved_by: 'peter',
    });
    expect(await inForce()).toEqual(['added true']);
  });

  it('is added by whoever approves what another person asked for', async () => {
    const asked = await add(wish(), ada());
    const id = String(asked.body.data.approval_id);

    expect((await app.ask('POST', `/internal/approvals/${id}`, {}, peter())).status).toBe(200);
    expect(await inForce()).toEqual(['added true']);
  });

  it('is not added by who may only operate, nor for an account that is none', async () => {
    expect((await add(wish(), as('olivia', 'operate'))).status).toBe(403);
    expect((await add(wish(), as('paul', 'approve'))).body.message).toContain(
      'may not request this',
    );
    accountId = crypto.randomUUID();
    expect((await add(wish(), ada())).status).toBe(404);
  });

  it.each([
    ['text', 'hello'],
    ['a key of another kind', Buffer.alloc(44).toString('base64')],
  ])('is no %s', async (_what, public_key) => {
    expect((await add({ key_id: 'ck_1', public_key }, ada())).status).toBe(422);
  });

  it('is of one account: what is signed names none', async () => {
    const signer = wish();
    await add(signer, ada());
    await add(signer, peter());
    accountId = await givenAccount(ledger, '1');

    expect((await add(signer, ada())).body.message).toContain('was added before, to account');
  });

  it('is revoked by one person, at once and for good', async () => {
    const signer = wish();
    await add(signer, ada());
    await add(signer, peter());
    const revoke = () =>
      app.ask('POST', url('/revoke'), { public_key: signer.public_key }, as('eve', 'administer'));

    expect((await revoke()).body.data).toMatchObject({ change: 'revoked', in_force: false });
    expect((await revoke()).status).toBe(200);
    expect(await inForce()).toEqual(['added false', 'revoked false']);
    expect((await add(signer, ada())).status).toBe(409);
    expect((await app.ask('POST', url('/revoke'), { public_key: wish().public_key })).status).toBe(
      404,
    );
  });

  describe('whoever has the login of the database', () => {
    const forge = (publicKey: string, keyId: string) =>
      ledger.service.query(
        `INSERT INTO account_signer (account_id, key_id, public_key, change, at, requested_by, approved_by, mac_key_id, mac)
         SELECT $1, $2, $3, 'added', now(), 'ada', 'peter', coalesce(max(mac_key_id), 'x'), coalesce(max(mac), '\\x00') FROM account_signer`,
        [accountId, keyId, publicKey],
      );

    it('has nothing ordered by a signer of its own, and the book is halted', async () => {
      const [genuine, thief] = [aCustomer(), aCustomer()];
      await addSigner(ledger, accountId, genuine);
      await forge(thief.publicKey, thief.keyId);

      const [refused, placed] = await ledger.run(
        orderOf(accountId, thief.sign(bodyOf())),
        orderOf(accountId, genuine.sign(bodyOf())),
      );
      expect(refused?.refusal?.kind).toBe('order_not_signed');
      expect(placed?.refusal).toBeNull();
      const seen: Violations[] = [];
      const book = new BookWatch(PROOF_SECRETS, { incrementsEveryMs: 0, restFactor: 0 });
      await watcher({
        database: ledger.database,
        logger: SILENT,
        watch: {
          check: (query) => book.look(query),
          onViolation: async (violations) => void seen.push(violations),
        },
      })();
      expect(seen.flat()).toMatchObject([{ invariant: 'signers-are-ours' }]);
    });

    it.each([
      `UPDATE account_signer SET account_id = account_id`,
      'DELETE FROM account_signer',
      'DELETE FROM signed_order',
      `UPDATE signed_order SET client_reference = NULL`,
      'DELETE FROM order_case',
    ])('cannot %s', async (sql) => {
      await expect(ledger.service.query(sql)).rejects.toMatchObject({ code: '42501' });
    });
  });

  it('shows which orders were not signed', async () => {
    await addSigner(ledger, accountId, aCustomer());
    const order = orderOf(accountId, undefined);
    await ledger.run(order);

    expect((await app.ask('GET', '/internal/order-cases')).body.data).toContainEqual({
      withdrawal_id: order.data.withdrawalId,
      account_id: accountId,
      detail: 'it carries no signed request',
      opened_at: expect.any(String),
    });
  });
});
