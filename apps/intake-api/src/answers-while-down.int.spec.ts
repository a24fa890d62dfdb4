import { createServer, type AddressInfo, type Server } from 'node:net';
import { monotonicMs, testValues } from '@sluice/runtime';
import { testDatabase } from '@sluice/test-servers';
import { eventually, TcpProxy } from '@sluice/test-kit';
import { ADDRESS, anOrder } from './testkit/a-withdrawal.js';
import { givenApi, type ApiAnswer, type TestApi } from './testkit/given-api.js';
import { givenAccount, givenInstance, type TestInstance } from './testkit/given-intake.js';
import { placeOrder } from './testkit/given-saga.js';

/** Clients of the contract give up after this. */
const CLIENT_WAITS_MS = 10_000;

/** What clients are answered while the database or the ledger is away, locked or silent: an answer in the envelope, in time, that says what to do. */
describe('answers while something is down', () => {
  let proxy: TcpProxy;
  let silentLedger: Server;
  let admin: TestInstance;
  let api: TestApi;
  let key: { keyId: string; secret: string };
  let number: string;
  beforeAll(async () => {
    const url = await testDatabase('intake');
    admin = await givenInstance(url);
    proxy = await TcpProxy.to(Number(new URL(url).port));
    silentLedger = createServer((socket) => void socket.resume().on('error', () => undefined));
    await new Promise<void>((resolve) => silentLedger.listen(0, '127.0.0.1', resolve));
    api = await givenApi(proxy.through(url), {
      LEDGER_URL: `http://127.0.0.1:${(silentLedger.address() as AddressInfo).port}`,
      ...testValues({ holdTimeoutMs: 1000 }),
    });
    const accountId = await givenAccount(admin.database);
    key = await api.createKey(accountId, ['withdraw', 'read_withdrawal_status', 'read_balance']);
    const { stored } = await placeOrder(admin, anOrder({ accountId, keyId: key.keyId }));
    number = stored.number;
    await asked(); // keys and terms are in memory from here on, as they are in a service that runs
  });
  afterAll(async () => {
    proxy.delayBy(0);
    await Promise.all([api.close(), admin.close()]);
    silentLedger.close();
    await proxy.close();
  });

  interface Answered {
    readonly status: number;
    readonly message: string;
    readonly retryAfter: string | undefined;
  }
  const answered = async (answering: Promise<ApiAnswer>): Promise<Answered> => {
    const since = monotonicMs();
    const { status, body, headers } = await answering;
    expect(monotonicMs() - since).toBeLessThan(CLIENT_WAITS_MS);
    return { status, message: body.message, retryAfter: headers['retry-after'] };
  };
  const BODY = JSON.stringify({
    currency: 'USDT',
    network: 'ETH',
    to_address: ADDRESS,
    amount: '50',
  });
  const post = () =>
    answered(api.send({ method: 'POST', target: '/v1/withdrawals', key, body: BODY }));
  const get = () => answered(api.send({ target: `/v1/withdrawals/${number}`, key }));
  const cancel = () =>
    answered(api.send({ method: 'DELETE', target: `/v1/withdrawals/${number}`, key }));
  const balances = () => answered(api.send({ target: '/v1/balances', key }));
  const asked = () => Promise.all([post(), get(), cancel(), balances()]);
  const AWAY = { status: 503, message: 'Service temporarily unavailable', retryAfter: '5' };
  const MAY_GO_ON = {
    status: 504,
    message: 'Withdrawal submission is still in progress',
    retryAfter: undefined,
  };
  const back = () =>
    eventually(async () => expect((await get()).status).toBe(200), { withinMs: 30_000 });

  it('a database that refuses every connection: 503 and when to come back', async () => {
    proxy.refuse();

    expect(await asked()).toEqual([AWAY, AWAY, AWAY, AWAY]);

    proxy.admit();
    await back();
  });

  it('a database that takes what it is sent and never answers: the same, within the time that a client waits', async () => {
    proxy.delayBy(60_000);

    expect(await asked()).toEqual([AWAY, AWAY, AWAY, AWAY]);

    proxy.delayBy(0);
    proxy.cutAll();
    await back();
  }, 60_000);

  it('a locked table: 503 for what only looks or can be sent again, 504 for a withdrawal that may still be put on record', async () => {
    await admin.database.withClient(async (client) => {
      await client.query('BEGIN');
      await client.query('LOCK TABLE withdrawal IN ACCESS EXCLUSIVE MODE');

      expect(await Promise.all([post(), get(), cancel()])).toEqual([MAY_GO_ON, AWAY, AWAY]);

      await client.query('ROLLBACK');
    });
    await back();
  }, 60_000);

  it('a database that only reads: 503', async () => {
    await admin.database.withClient(async (client) => {
      const { rows } = await client.query<{ name: string }>(
        'SELECT quote_ident(current_database()) AS name',
      );
      await client.query(`ALTER DATABASE ${rows[0]?.name} SET default_transaction_read_only = on`);
      proxy.cutAll();

      expect(await asked()).toEqual([AWAY, AWAY, AWAY, AWAY]);

      await client.query(`ALTER DATABASE ${rows[0]?.name} RESET default_transaction_read_only`);
    });
    proxy.cutAll();
    await back();
  });

  it('users’ bug 9: a ledger that hangs: balances answer 503 in time', async () => {
    expect(await balances()).toEqual(AWAY);
  });
});
