import { randomUUIDv7 } from 'node:crypto';
import type { Caller, SetVenueAssetDto } from '@sluice/http-api';
import { createLogger } from '@sluice/service-shell';
import { testApprovals } from '@sluice/service-shell/testing';
import { Outbox, UnitOfWork } from '@sluice/postgres';
import { withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import { Ceilings } from '../ceilings/ceilings.js';
import { SubmitHandler } from '../commands/submit-handler.js';
import { RatePlan } from '../rate/rate-plan.js';
import { withLanes } from '../rate/rate-rules.js';
import { FORM, submitCommand } from '../testkit/given-queue.js';
import { givenTables, TEST_AUTHORITY, type TestTables } from '../testkit/given-tables.js';
import { EventWriter } from '../wire/event-writer.js';
import { type AssetNames, AssetRefresh, VenueAssets } from './venue-assets.js';
import { SetAsset } from './assets.controller.js';

const ADA: Caller = { kind: 'person', name: 'ada', roles: ['administer'], client: 'sluice-cli' };
const PETER: Caller = {
  kind: 'person',
  name: 'peter',
  roles: ['operate', 'approve'],
  client: 'sluice-cli',
};
const RULES = { 'POST /pay': { limit: 1, perMs: 1 }, 'POST /pay *': { limit: 1, perMs: 10 } };
const NAMES: AssetNames = {
  codeFault: ({ code }) => (code === 'TAKEN' ? 'The chain TAKEN is that of ETH' : null),
};
const PEPE: SetVenueAssetDto = {
  currency: 'PEPE',
  network: 'BASE',
  code: 'BASEEVM',
  active: true,
  unit_worth_eur: '0.01',
  after_version: null,
};

describe('assets that are added', () => {
  let postgres: TestPostgres;
  let tables: TestTables;
  beforeAll(async () => (postgres = await withTestPostgres()));
  beforeEach(async () => (tables = await givenTables(postgres, 'assets')));
  afterEach(() => tables.close());
  afterAll(() => postgres.stop());

  /** A process of its own. */
  const instance = async (names: AssetNames | null = NAMES) => {
    const { service } = tables;
    const assets = new VenueAssets({ venue: 'testvenue', forms: [{ ...FORM, lanes: 'asset' }] });
    const plan = new RatePlan(service, withLanes(RULES, assets.capabilities));
    await plan.install();
    const ceilings = new Ceilings(assets.capabilities, {});
    const refresh = new AssetRefresh(service, assets, plan, createLogger('test', 'silent'));
    const unitOfWork = new UnitOfWork(service, 'assets', new Outbox(service));
    const approvals = testApprovals(service);
    const setAsset = new SetAsset(unitOfWork, approvals, assets, refresh, names);
    return { assets, plan, ceilings, refresh, unitOfWork, setAsset };
  };
  /** Until every instance has looked. */
  const timePasses = () =>
    tables.database.withClient(async (client) => {
      await client.query('BEGIN; SET LOCAL session_replication_role = replica');
      await client.query(
        `UPDATE venue_asset SET recorded_at = recorded_at - interval '15 seconds'`,
      );
      await client.query('COMMIT');
    });
  type Instance = Awaited<ReturnType<typeof instance>>;

  const set = async ({ setAsset }: Instance, order: SetVenueAssetDto) => {
    expect(await setAsset.run(order, ADA)).toMatchObject({ approval_id: expect.any(String) });
    return setAsset.run(order, PETER);
  };
  const assetsOf = ({ assets }: Instance) => assets.capabilities.forms[0]?.assets;
  /** What becomes of an order as a process takes it. */
  const take = async ({ assets, plan, refresh, unitOfWork }: Instance, asset: string) => {
    const events = new EventWriter('testvenue', TEST_AUTHORITY);
    const handler = new SubmitHandler(
      assets.capabilities,
      events,
      plan,
      { isThrough: true },
      refresh,
    );
    const withdrawalId = randomUUIDv7();
    await unitOfWork.run((tx) => handler.insert(tx, [submitCommand(withdrawalId, { asset })]));
    const [row] = await tables.database.query<{ state: string; reason: string | null }>(
      'SELECT state, reason FROM submission WHERE withdrawal_id = $1',
      [withdrawalId],
    );
    return row;
  };

  it('are paid as soon as every process knows them, with a lane and a counter of their own', async () => {
    const [one, other] = [await instance(), await instance()];
    expect(await take(one, 'PEPE.BASE')).toEqual({ state: 'refused', reason: 'not_supported' });

    expect(await set(one, PEPE)).toMatchObject({
      asset: 'PEPE.BASE',
      version: 1,
      code: 'BASEEVM',
      active: true,
      requestedBy: 'ada',
      approvedBy: 'peter',
    });

    // Another instance may not know its name yet, and would not understand the record of a payment.
    expect(await take(one, 'PEPE.BASE')).toEqual({ state: 'refused', reason: 'not_supported' });
    expect(one.assets.capabilities.added).toMatchObject([{ code: 'BASEEVM', payable: false }]);
    await timePasses();
    await one.refresh.look();
    expect(assetsOf(one)).toEqual(['USDT.ETH', 'PEPE.BASE']);
    expect(assetsOf(other)).toEqual(['USDT.ETH']);
    expect(await take(other, 'PEPE.BASE')).toEqual({ state: 'prepared', reason: null });
    expect(assetsOf(other)).toEqual(['USDT.ETH', 'PEPE.BASE']);
    expect(other.ceilings.byAsset['PEPE.BASE']).toMatchObject({ call: '1000000' });
    expect(await other.plan.reserve('POST /pay PEPE.BASE', 1)).toMatchObject({ count: 1 });
    const restarted = await instance();
    await restarted.refresh.look();
    expect(assetsOf(restarted)).toEqual(['USDT.ETH', 'PEPE.BASE']);
  });

  it('are taken away again for what is new, under a name that never changes', async () => {
    const one = await instance();
    await set(one, PEPE);
    await timePasses();
    const away = { ...PEPE, active: false, after_version: 1 };
    expect(await take(one, 'PEPE.BASE')).toMatchObject({ state: 'prepared' });

    await set(one, away);

    expect(await take(one, 'PEPE.BASE')).toEqual({ state: 'refused', reason: 'not_supported' });
    expect(one.assets.capabilities.added).toMatchObject([{ code: 'BASEEVM', payable: false }]);
    expect(one.ceilings.byAsset['PEPE.BASE']).toBeDefined(); // for what was taken before
    await expect(
      one.setAsset.run({ ...away, code: 'OTHER', after_version: 2 }, ADA),
    ).rejects.toThrow('The name of PEPE.BASE is BASEEVM here, and never changes');
  });

  it('answer a repeat of what is there as done, and take one of two changes to the same reading', async () => {
    const one = await instance();
    await set(one, PEPE);
    expect(await one.setAsset.run(PEPE, ADA)).toMatchObject({ version: 1 });
    await expect(one.setAsset.run({ ...PEPE, active: false }, ADA)).rejects.toThrow(
      'Nothing was set: this is not the asset that was read: the newest version is 1',
    );
  });

  it.each<[string, Partial<SetVenueAssetDto>, number, string]>([
    ['is built in', { currency: 'USDT', network: 'ETH' }, 409, 'USDT.ETH is built in'],
    ['has the name of another', { code: 'TAKEN' }, 409, 'The chain TAKEN is that of ETH'],
    [
      'has no ceiling',
      { unit_worth_eur: null },
      422,
      'unit_worth_eur: Field required: no release has a ceiling of PEPE',
    ],
    [
      'has one by a release',
      { currency: 'USDC' },
      422,
      'unit_worth_eur: Input should be null: a release has the ceiling of USDC',
    ],
    [
      'was never added',
      { after_version: 3 },
      409,
      'Nothing was set: this is not the asset that was read: there is none',
    ],
  ])('are refused: what %s', async (_why, change, status, message) => {
    const { setAsset } = await instance();
    await expect(setAsset.run({ ...PEPE, ...change }, ADA)).rejects.toMatchObject({
      status,
      message,
    });
  });

  it('take a release at a venue that cannot say how it names them', async () => {
    const { setAsset } = await instance(null);
    await expect(setAsset.run(PEPE, ADA)).rejects.toMatchObject({
      status: 409,
      message: 'What testvenue pays takes a release',
    });
  });

  it('take two people, of whom the first administers', async () => {
    const { setAsset } = await instance();
    await expect(setAsset.run(PEPE, PETER)).rejects.toMatchObject({ status: 403 });
    await setAsset.run(PEPE, ADA);
    await expect(setAsset.run(PEPE, ADA)).rejects.toMatchObject({ status: 409 });
  });

  it('are history that only grows', async () => {
    await set(await instance(), PEPE);
    for (const sql of [`UPDATE venue_asset SET code = 'OTHER'`, 'DELETE FROM venue_asset']) {
      await expect(tables.service.query(sql)).rejects.toMatchObject({ code: '42501' });
      await expect(tables.database.query(sql)).rejects.toThrow('its history only grows');
    }
  });
});
