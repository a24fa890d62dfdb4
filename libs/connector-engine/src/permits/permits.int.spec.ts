import { Health, Permits } from '@sluice/service-shell';
import { PermitKeys, PermitSigningKey } from '@sluice/signing';
import { eventually } from '@sluice/test-kit';
import { withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import { ANY_PERMIT, FORM, QUIET, TestQueue } from '../testkit/given-queue.js';
import { LatePermits } from './late-permits.js';
import { PermitWatch } from './permit-watch.js';

const KEY = PermitSigningKey.parse(Buffer.alloc(32, 1).toString('base64'));
const STRANGER = PermitSigningKey.parse(Buffer.alloc(32, 2).toString('base64'));
const NONE = { assets: [], accounts: [] };

interface Change {
  readonly granted?: boolean;
  readonly withheld?: { readonly assets: readonly string[]; readonly accounts: readonly string[] };
  readonly leftMs?: number;
  readonly by?: PermitSigningKey;
}

describe('permits of the auditor', () => {
  let postgres: TestPostgres;
  let queue: TestQueue;
  let aheadMs: number;
  let lines: string[];

  beforeAll(async () => (postgres = await withTestPostgres()));
  beforeEach(async () => {
    queue = await TestQueue.start(postgres);
    aheadMs = 0;
    lines = [];
  });
  afterEach(() => queue.close());
  afterAll(() => postgres.stop());

  /** A process of this connector. */
  function instance(mode: 'required' | 'advisory' = 'required', ...keys: PermitSigningKey[]) {
    const known = keys.length > 0 ? keys : [KEY];
    const health = new Health();
    const log = (_fields: unknown, line?: string) => void lines.push(line ?? '');
    const permits = new Permits({
      venue: 'testvenue',
      settings: {
        auditorPermits: mode,
        auditorPublicKeys: new PermitKeys(known.map(({ publicKey }) => publicKey)),
      },
      clocks: () => [Date.now() + aheadMs, queue.service.clock.now().getTime()],
      logger: { warn: log, error: log },
    });
    const watch = new PermitWatch(queue.service, permits, queue.capabilities, QUIET, health);
    return { permits, watch, health };
  }

  function permit(
    number: number,
    { granted = true, withheld = NONE, leftMs, by = KEY }: Change = {},
  ) {
    const issuedAt = new Date(Date.now() + (leftMs === undefined ? 0 : leftMs - 120_000));
    const expiresAt = new Date(issuedAt.getTime() + 120_000);
    return by.sign({ venue: 'testvenue', number, issuedAt, expiresAt, granted, withheld });
  }

  const stored = async () =>
    (await queue.database.query<{ number: string }>('SELECT number FROM auditor_permit'))[0]
      ?.number;
  const claimed = async (watch: PermitWatch) => {
    queue.permits = watch;
    return (await queue.claim('a')).length;
  };
  /** Rewrites the stored permit with the login of the service. */
  const forge = (text: string, number: number) =>
    queue.service.query('UPDATE auditor_permit SET permit = $1, number = $2, cover = $3', [
      text,
      number,
      'x',
    ]);
  const readiness = async ({ health }: { health: Health }) =>
    Object.assign({}, ...(await Promise.all(health.indicators().map((one) => one()))));

  it('let an order wait until one is known, without a failure', async () => {
    const one = instance();
    const [id = ''] = await queue.submit(null);

    expect(await claimed(one.watch)).toBe(0);
    expect(await readiness(one)).toMatchObject({
      permit: { faults: [expect.stringContaining("waits for the auditor's permit")] },
    });
    expect(await queue.rowOf(id)).toMatchObject({ state: 'prepared', attempts: 0, reason: null });

    await one.watch.learn([permit(1)]);
    await eventually(async () =>
      expect(await readiness(one)).toMatchObject({ permit: { status: 'up' } }),
    );
    expect(await claimed(one.watch)).toBe(1);
  });

  it('are read from the topic while the consumer group delivers none', async () => {
    const { watch } = instance();
    await queue.submit(null);
    const published = [
      { venue: 'testvenue', permit: permit(1) },
      { venue: 'other', permit: permit(2) },
    ];
    let reads = 0;
    const readNewest = () => {
      reads += 1;
      return Promise.resolve(published.map((data) => ({ data })) as never);
    };
    const late = new LatePermits(watch, queue.capabilities, { readNewest }, QUIET);

    await late.look();
    expect(await stored()).toBe('1');
    expect(await claimed(watch)).toBe(1);
    await late.look();
    expect(reads).toBe(1);
  });

  it('are known to every instance through the database, and verified again', async () => {
    await instance().watch.learn([permit(1)]);
    const [other, withAnotherKey] = [instance(), instance('required', STRANGER)];
    await queue.submit(null);
    await withAnotherKey.watch.look();
    expect(await claimed(withAnotherKey.watch)).toBe(0);

    await other.watch.look();
    expect(await claimed(other.watch)).toBe(1);
  });

  it('end by the clock that is ahead, of the process or of the database', async () => {
    const { watch, permits } = instance();
    await watch.learn([permit(1, { leftMs: 60_000 })]);
    const parameter = watch.parameter;
    await queue.submit(null);
    aheadMs = 61_000;
    expect(watch.parameter).toBeNull();
    expect(await claimed(watch)).toBe(0);

    // a process whose clock stays behind the database
    const ended = JSON.stringify({
      ...JSON.parse(parameter ?? ''),
      until: new Date(Date.now() - 1),
    });
    queue.permits = { ...ANY_PERMIT, parameter: ended };
    expect(await queue.claim('a')).toEqual([]);
    queue.permits = { ...ANY_PERMIT, parameter };
    expect(await queue.claim('a')).toHaveLength(1);
    expect(permits.held.text).toBeNull();
  });

  it('are withdrawn in every instance as soon as one instance has stored the withdrawal', async () => {
    const [one, other] = [instance(), instance()];
    await one.watch.learn([permit(1)]);
    await other.watch.look();
    await queue.submit(null);
    await one.watch.learn([permit(2, { granted: false })]);

    expect(await claimed(other.watch)).toBe(0);
    await other.watch.look();
    expect(other.permits.fault({ asset: 'USDT.ETH', accountId: 'a' })).toContain('has withdrawn');
    await one.watch.learn([permit(3)]);
    await other.watch.look();
    expect(await claimed(other.watch)).toBe(1);
  });

  it('go on in the other instances while one instance stores a renewal', async () => {
    const [one, other] = [instance(), instance()];
    await one.watch.learn([permit(1)]);
    await other.watch.look();
    await one.watch.learn([permit(2)]);
    await queue.submit(null);

    expect(await claimed(other.watch)).toBe(1);
  });

  it('withhold an asset or an account, and no other order', async () => {
    const { watch } = instance();
    const [id] = await queue.submit(null);
    const withheld = { assets: [], accounts: [id ?? ''] };
    await watch.learn([permit(1, { withheld })]);
    expect(await claimed(watch)).toBe(0);
    await watch.learn([permit(2, { withheld: { assets: ['USDT.ETH'], accounts: [] } })]);
    expect(await claimed(watch)).toBe(0);

    await watch.learn([permit(3, { withheld: { assets: ['TRX.TRON'], accounts: ['other'] } })]);
    expect(await claimed(watch)).toBe(1);
  });

  it('of the auditor alone count: a forged row is replaced, and reported', async () => {
    const { watch, permits } = instance();
    await watch.learn([permit(7, { granted: false })]);
    await forge(permit(8, { by: STRANGER }), 8);
    await queue.submit(null);
    await watch.look();

    expect(await claimed(watch)).toBe(0);
    expect(permits.held.fault({ asset: 'USDT.ETH', accountId: 'a' })).toContain('has withdrawn');
    expect([await stored(), lines]).toEqual(['7', ['a permit of the auditor is refused']]);
  });

  it('of an earlier time do not return: the older row is replaced', async () => {
    const { watch } = instance();
    const older = permit(1);
    await watch.learn([older]);
    await watch.learn([permit(2, { granted: false })]);
    await forge(older, 1);
    await queue.submit(null);
    await watch.look();
    expect(await claimed(watch)).toBe(0);
    expect(await stored()).toBe('2');

    // a process without memory takes the older row, until its end
    await forge(permit(1, { leftMs: 1_000 }), 1);
    const { watch: restarted, permits } = instance();
    await restarted.look();
    expect(permits.held.leftMs()).toBeLessThanOrEqual(1_000);
    await restarted.learn([permit(2, { granted: false })]);
    expect(await claimed(restarted)).toBe(0);
  });

  it('of another venue do not count', async () => {
    const { watch } = instance();
    const common = { number: 1, granted: true, withheld: NONE };
    const issuedAt = new Date();
    const expiresAt = new Date(Date.now() + 60_000);
    await watch.learn([KEY.sign({ venue: 'other', issuedAt, expiresAt, ...common })]);
    await queue.submit(null);

    expect(await claimed(watch)).toBe(0);
    expect(await stored()).toBeUndefined();
  });

  it('that are advisory stop nothing: the payment is logged', async () => {
    const { watch, permits, health } = instance('advisory');
    await watch.learn([permit(1, { granted: false })]);
    await queue.submit(null);

    expect(await claimed(watch)).toBe(1);
    expect(permits.fault({ asset: FORM.assets[0] ?? '', accountId: 'a' })).toBeNull();
    expect(lines).toEqual([expect.stringContaining('AUDITOR_PERMITS is advisory')]);
    expect(await readiness({ health })).toEqual({});
  });
});
