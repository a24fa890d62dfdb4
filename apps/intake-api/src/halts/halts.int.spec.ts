import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { testValues } from '@sluice/runtime';
import type { HaltDto, HaltScope } from '@sluice/http-api';
import { openHalts } from '@sluice/service-shell';
import { eventually } from '@sluice/test-kit';
import { testDatabase } from '@sluice/test-servers';
import { ADDRESS } from '../testkit/a-withdrawal.js';
import { givenApi, type ApiAnswer, type TestApi } from '../testkit/given-api.js';
import { givenAccount } from '../testkit/given-intake.js';

const GOOD = { currency: 'USDT', network: 'ETH', to_address: ADDRESS, amount: '50' };
const ACCEPTED = 504; // nobody places its hold here
const TAKEN = [ACCEPTED, 'Withdrawal submission is still in progress'] as const;
const HALTED = [503, 'Withdrawals are halted'] as const;

describe('a halt at intake-api', () => {
  let url: string;
  let api: TestApi;
  let other: TestApi;
  let accountId: string;
  let key: { keyId: string; secret: string };
  beforeAll(async () => {
    url = await testDatabase('intake');
    api = await givenApi(url, testValues({ holdTimeoutMs: 50 }));
    other = await givenApi(url, testValues({ holdTimeoutMs: 50 }));
    accountId = await givenAccount(api.database);
    key = await api.createKey(accountId, ['withdraw']);
  });
  afterAll(() => Promise.all([api.close(), other.close()]));

  const post = async (body: object = {}, at: TestApi = api): Promise<[number, string]> => {
    const call = { method: 'POST', target: '/v1/withdrawals', key };
    const { status, body: answer } = await at.send({
      ...call,
      body: JSON.stringify({ ...GOOD, ...body }),
    });
    return [status, answer.message];
  };
  const operate = async (target: string, body: object, person = 'demo'): Promise<ApiAnswer> => {
    const call = { method: 'POST', target: `/internal/halts${target}`, body: JSON.stringify(body) };
    return api.send({ ...call, person });
  };
  const open = async (scope: HaltScope, target?: string): Promise<string> => {
    const { body } = await operate('', { details: 'd', scope, target });
    return String(body.data['id']);
  };
  const lift = async (id: string) => {
    for (const person of ['olivia', 'peter'])
      await operate(`/${id}/lift`, { evidence: 'seen' }, person);
  };

  it.each([
    ['all', HALTED],
    ['account', HALTED],
    ['asset', HALTED],
    ['venue', HALTED],
    ['key', [403, 'Withdrawals with this API key are halted']],
  ] as const)('of %s takes nothing new until it is lifted', async (scope, refused) => {
    const own = { account: accountId, asset: 'USDT.ETH', venue: 'gateio', key: key.keyId };
    const id = await open(scope, scope === 'all' ? undefined : own[scope]);

    expect(await post()).toEqual(refused);
    await lift(id);
    expect(await post()).toEqual(TAKEN);
  });

  it.each([
    ['account', '00000000-0000-4000-8000-000000000000'],
    ['asset', 'USDT.TRX'],
    ['venue', 'bybit'],
    ['key', 'ck_000000000000000000000000'],
  ] as const)('of another %s stops nothing', async (scope, target) => {
    const id = await open(scope, target);

    expect(await post()).toEqual(TAKEN);
    await lift(id);
  });

  it('answers a repeat of what was taken before as it was answered then', async () => {
    await post({ client_reference: 'before' });
    const id = await open('all');

    expect(await post({ client_reference: 'before' })).toEqual([200, 'OK']);
    expect(await post({ client_reference: 'after' })).toEqual(HALTED);
    await lift(id);
  });

  it('is in force in every instance within a second, and in one that starts later', async () => {
    const id = await open('all');

    await eventually(async () => expect(await post({}, other)).toEqual(HALTED), {
      withinMs: 1_500,
    });
    const later = await givenApi(url, testValues({ holdTimeoutMs: 50 }));
    expect(await post({}, later)).toEqual(HALTED);
    await later.close();
    await lift(id);
  });

  it('of all may be there from the start on, once by one name', async () => {
    const START_HALTED = randomUUID();
    const started = await givenApi(url, { ...testValues({ holdTimeoutMs: 50 }), START_HALTED });
    expect(await post({}, started)).toEqual(HALTED);
    const [halt] = await api.database.query<{ id: string }>(
      'SELECT id::text FROM halt WHERE subject = $1',
      [START_HALTED],
    );
    await lift(halt?.id ?? '');
    await started.close();

    const again = await givenApi(url, { ...testValues({ holdTimeoutMs: 50 }), START_HALTED });
    expect(await post({}, again)).toEqual(TAKEN);
    await again.close();
  });

  it('because of the ledger is lifted only after the recovery of the ledger is approved', async () => {
    await api.unitOfWork.run((tx) =>
      openHalts(
        tx,
        [{ scope: 'all', reason: 'ledger_apart', subject: 'test', details: 'd' }],
        'intake-api',
      ),
    );
    const [halt] = await api.database.query<{ id: string }>(
      "SELECT id::text FROM halt WHERE reason = 'ledger_apart'",
    );
    const id = halt?.id ?? '';
    await api.database.query(
      "INSERT INTO ledger_difference (withdrawal_id, kind, detail) VALUES ($1, 'hold_missing', 'd')",
      [randomUUID()],
    );

    const { status, body } = await operate(`/${id}/lift`, { evidence: 'seen' }, 'olivia');
    expect([status, body.message]).toEqual([
      409,
      'The ledger lacks bookings of 1 withdrawals. Run "sluice ledger recover" first',
    ]);

    await api.database.query(
      "UPDATE ledger_difference SET requested_by = 'olivia', approved_by = 'peter', evidence = 'seen'",
    );
    await lift(id);
    expect(
      await api.database.query('SELECT id FROM halt WHERE id = $1 AND lifted_at IS NULL', [id]),
    ).toEqual([]);
  });

  it('passes over a halted venue where the route has another one', async () => {
    const fresh = await givenApi(url, testValues({ holdTimeoutMs: 50 }));
    await fresh.database.query(
      `INSERT INTO route (currency, network, position, venue, pays) SELECT currency, network, 2, 'bybit', pays FROM route WHERE currency = 'USDT' AND network = 'ETH'`,
    );
    const id = await open('venue', 'gateio');

    await eventually(async () => {
      expect(await post({}, fresh)).toEqual(TAKEN);
      const [newest] = await api.database.query(
        'SELECT venue FROM withdrawal ORDER BY number DESC LIMIT 1',
      );
      expect(newest).toEqual({ venue: 'bybit' });
    });
    await lift(id);
    await fresh.close();
  });

  it('is opened by a violated invariant, once for the same rows, and takes nothing new until it is lifted', async () => {
    const forged = (reason: string) =>
      api.database.query(
        `UPDATE withdrawal SET steps = steps || jsonb_build_array('[0, "x", "rejected", null, null, 1]'::jsonb, jsonb_build_array(40 + $1::int, 'accepted', 'completed', NULL, NULL, 1))
          WHERE id = (SELECT min(id::text)::uuid FROM withdrawal)`,
        [reason],
      );
    const inForce = async () => {
      const { text } = await api.send({ target: '/internal/halts' });
      const { data } = JSON.parse(text) as { data: readonly HaltDto[] };
      return data.filter((halt) => halt.reason === 'invariant' && halt.lifted_at === null);
    };
    await post({ client_reference: 'long-ago' });
    await forged('1');
    await api.look();

    const halts = await inForce();
    expect(halts.map(({ scope, subject }) => [scope, subject.split(' ')[0]])).toContainEqual([
      'all',
      'final-state-is-final',
    ]);
    await eventually(async () => expect(await post()).toEqual(HALTED), { withinMs: 1_000 });
    expect(await post({ client_reference: 'long-ago' })).toEqual([200, 'OK']);
    for (const { id } of halts) await lift(id);
    await api.look();
    expect(await inForce()).toEqual([]);
    expect(await post()).toEqual(TAKEN);

    await forged('2');
    await api.look();
    expect(await inForce()).not.toEqual([]);
    for (const { id } of await inForce()) await lift(id);
  });

  it("is not lifted by the service's own login, and the forgery is reported", async () => {
    const id = await open('account', accountId);
    await eventually(async () => expect(await post({}, other)).toEqual(HALTED));
    await api.service.query(
      `UPDATE halt SET lifted_at = clock_timestamp(), lifted_by = 'peter', lift_approved_by = 'demo', lift_evidence = 'ticket 1' WHERE id = $1`,
      [id],
    );

    for (let n = 0; n < 15; n++) {
      expect([await post(), await post({}, other)]).toEqual([HALTED, HALTED]);
      await sleep(100);
    }
    const [halt, report] = await api.database.query<{ id: string; reason: string }>(
      'SELECT id::text, reason FROM halt WHERE lifted_at IS NULL ORDER BY halt.id',
    );
    expect([halt?.id, report?.reason]).toEqual([id, 'forged_lift']);
    await lift(id);
    expect(await post()).toEqual(HALTED); // the report of the forgery has to be lifted as well
    await lift(report?.id ?? '');
    expect(await post()).toEqual(TAKEN);
  });

  it('needs to be told of what', async () => {
    const refused = { status: 422 };
    const wish = { details: 'd' };

    expect(await operate('', { ...wish, scope: 'key' })).toMatchObject(refused);
    expect(await operate('', { ...wish, scope: 'all', target: 'x' })).toMatchObject(refused);
    expect(await operate('', { ...wish, scope: 'planet' })).toMatchObject(refused);
  });
});
