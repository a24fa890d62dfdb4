import { testDatabase } from '@sluice/test-servers';
import { AdmissionStore } from './api-keys/admission.js';
import { givenApi, type TestApi } from './testkit/given-api.js';
import { countOf, givenAccount } from './testkit/given-intake.js';
import { setProcessClock } from './testkit/process-clock.js';

describe('an instance of intake whose clock is off', () => {
  let instances: [TestApi, TestApi];
  let accountId: string;
  let setRight = () => {};
  let key: { keyId: string; secret: string };
  beforeAll(async () => {
    const url = await testDatabase('intake');
    instances = [await givenApi(url), await givenApi(url)];
    accountId = await givenAccount(instances[0].database);
    key = await instances[0].createKey(accountId, ['withdraw', 'read_withdrawal_status']);
  });
  afterEach(() => setRight());
  afterAll(() => Promise.all(instances.map((instance) => instance.close())));
  /** Each test asks for a withdrawal of its own: its signatures are no other test's, whatever second it runs in. */
  let asked = 0;
  beforeEach(() => void (asked += 1));
  const captured = (timestamp: number) => ({
    method: 'GET',
    target: `/v1/withdrawals/${asked}`,
    key,
    timestamp: String(timestamp),
  });
  const USED = { status: 401, body: { message: 'Request signature has already been used' } };

  it.each([
    ['ten minutes fast', 600_000],
    ['ten minutes slow', -600_000],
    ['an hour fast', 3_600_000],
  ])(
    '%s, sweeps no signature that is still good, and no captured request is good twice',
    async (_how, offMs) => {
      const stamp = Math.floor(Date.now() / 1000) + (Math.abs(offMs) / 60_000) * Math.sign(offMs);
      expect((await instances[0].send(captured(stamp))).status).toBe(404); // let in, and there is no such withdrawal

      setRight = setProcessClock(offMs);
      await new AdmissionStore(instances[1].database).sweep();
      for (const instance of instances)
        expect(await instance.send(captured(stamp))).toMatchObject(USED);
      setRight();
      for (const instance of instances)
        expect(await instance.send(captured(stamp))).toMatchObject(USED);
    },
  );

  it.each([600_000, -600_000])(
    'judges the window by the clock of the database, %i ms off as it is',
    async (offMs) => {
      const now = Math.floor(Date.now() / 1000);
      setRight = setProcessClock(offMs);
      expect((await instances[0].send(captured(now + 7 + Math.sign(offMs)))).status).toBe(404);
      expect(await instances[1].send(captured(now + offMs / 1000))).toMatchObject({
        status: 401,
        body: { message: expect.stringContaining('window') as string },
      });
    },
  );

  it('writes all times of a row by the clock of the database', async () => {
    const [{ before } = { before: new Date(0) }] = await instances[0].database.query<{
      before: Date;
    }>('SELECT clock_timestamp() AS before');
    setRight = setProcessClock(3_600_000);
    const body = JSON.stringify({
      currency: 'USDT',
      network: 'ETH',
      to_address: '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
      amount: '50',
    });
    const posted = instances[0].send({
      method: 'POST',
      target: '/v1/withdrawals',
      key,
      timestamp: String(Math.floor(before.getTime() / 1000)),
      body,
    });
    while ((await countOf(instances[0].database, 'withdrawal')) === 0);
    setRight();

    const [times] = await instances[0].database.query<{
      requested_at: Date;
      at: Date;
      late: boolean;
    }>(
      `SELECT w.requested_at, e.at, greatest(w.requested_at, w.updated_at, e.at) > clock_timestamp() AS late
         FROM withdrawal w JOIN withdrawal_step e ON e.withdrawal_id = w.id`,
    );
    expect(times?.late).toBe(false);
    expect(times?.requested_at).toEqual(times?.at);
    expect(times?.requested_at.getTime()).toBeGreaterThanOrEqual(before.getTime());
    expect((await posted).status).toBe(504);
  });
});
