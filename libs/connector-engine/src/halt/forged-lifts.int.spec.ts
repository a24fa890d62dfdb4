import { randomUUID } from 'node:crypto';
import { openHalts } from '@sluice/service-shell';
import { byTwo } from '@sluice/test-kit';
import { withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import { register } from 'prom-client';
import { openBreaks } from '../breaks/open-breaks.js';
import { QUIET, TestQueue } from '../testkit/given-queue.js';

const FOUND = { reason: 'orphan', subject: 'v1', details: 'paid and not sent' } as const;
const ORPHAN = { kind: 'orphan', subject: 'v1', details: 'paid and not sent' } as const;
const LIFT = `UPDATE halt SET lifted_at = clock_timestamp(), lifted_by = 'peter', lift_approved_by = 'demo', lift_evidence = 'ticket 1'`;
const CLOSE = `UPDATE break SET closed_at = clock_timestamp(), closed_by = 'peter', close_evidence = 'ticket 1'`;

describe("a connector's own login", () => {
  let postgres: TestPostgres;
  let queue: TestQueue;
  beforeAll(async () => void (postgres = await withTestPostgres()));
  beforeEach(async () => {
    queue = await TestQueue.start(postgres);
    await queue.submit(null);
  });
  afterEach(() => queue.close());
  afterAll(() => postgres.stop());

  const own = <R = unknown>(sql: string, parameters: readonly unknown[] = []) =>
    queue.service.query<R>(sql, parameters);
  const open = () => queue.unitOfWork.run((tx) => openHalts(tx, [FOUND], 'connector'));
  const find = () => queue.unitOfWork.run((tx) => openBreaks(tx, QUIET, [ORPHAN]));
  const inForce = async () =>
    (await queue.halts.inForce()).map(({ reason, subject }) => `${reason} ${subject}`);
  const forged = async (table: string): Promise<number> => {
    const metric = await register.getSingleMetric('sluice_forged_records_total')?.get();
    return metric?.values.find(({ labels }) => labels['table'] === table)?.value ?? 0;
  };

  it.each([
    ['without a seal', LIFT],
    ['with an invented seal', `${LIFT}, end_seal = 'development:AAAA'`],
  ])(
    'lifts no halt %s: nothing is sent at any moment, and the forgery is reported',
    async (_what, sql) => {
      const [halt] = await open();
      const before = await forged('halt');
      await own(sql);

      expect(await queue.claim('a')).toEqual([]); // before any check of the seals
      await queue.lifts.look();
      expect(await queue.claim('a')).toEqual([]);

      expect(await inForce()).toEqual(['orphan v1', `forged_lift halt ${halt?.id}`]);
      expect(await forged('halt')).toBe(before + 1);
      expect(await own('SELECT id FROM halt WHERE lifted_at IS NOT NULL')).toEqual([]);
    },
  );

  it('lifts no halt with a seal of an unknown key, and people can lift the halt still', async () => {
    const [halt] = await open();
    await own(`${LIFT}, end_seal = 'lost:AAAA'`);
    await queue.lifts.look();

    expect(await queue.claim('a')).toEqual([]);
    expect(await inForce()).toEqual(['orphan v1', `forged_lift halt ${halt?.id}`]);
    for (const { id } of await queue.halts.inForce())
      await byTwo((caller) => queue.halts.lift(id, 'seen', caller));
    expect(await queue.claim('a')).toHaveLength(1);
  });

  it('lifts no halt with the seal of another halt', async () => {
    const [halt] = await open();
    await byTwo((caller) => queue.halts.lift(halt?.id ?? '', 'seen', caller));
    expect(await queue.claim('a')).toHaveLength(1);
    await queue.submit(null);
    await queue.unitOfWork.run((tx) => openHalts(tx, [{ ...FOUND, subject: 'v2' }], 'connector'));

    await own(
      `UPDATE halt SET (lifted_at, lifted_by, lift_approved_by, lift_evidence, end_seal) = (SELECT lifted_at, lifted_by, lift_approved_by, lift_evidence, end_seal FROM halt WHERE subject = 'v1') WHERE subject = 'v2'`,
    );

    expect(await queue.claim('a')).toEqual([]);
    await queue.lifts.look();
    expect(await inForce()).toContain('orphan v2');
  });

  it('hides no finding behind a halt that was planted and lifted, and a break that was planted and closed', async () => {
    const [planted] = await own<{ id: string }>(
      `INSERT INTO halt (reason, subject, details, opened_by) VALUES ('orphan', 'v1', 'x', 'connector') RETURNING id::text`,
    );
    await own(LIFT);
    await own(
      `INSERT INTO break (kind, subject, details, halt_id) VALUES ('orphan', 'v1', 'x', $1)`,
      [planted?.id],
    );
    await own(CLOSE);

    await find();
    expect(await queue.claim('a')).toEqual([]);
    await Promise.all([queue.lifts.look(), queue.closings.look()]);

    expect(await queue.claim('a')).toEqual([]);
    expect(await inForce()).toEqual(expect.arrayContaining(['orphan v1']));
    expect((await queue.breaks.list()).map(({ closedAt }) => closedAt)).toEqual([null]);
    expect(await inForce()).toContainEqual(expect.stringMatching(/^forged_closing break /));
  });

  it('hides no finding behind a halt of another scope', async () => {
    await own(
      `INSERT INTO halt (scope, target, reason, subject, details, opened_by) VALUES ('asset', 'NONE', 'orphan', 'v1', 'x', 'connector')`,
    );

    await find();
    await find();

    expect(await queue.claim('a')).toEqual([]);
    expect(await inForce()).toEqual(['orphan v1', expect.stringMatching(/^orphan v1 ~/)]);
    expect(await queue.breaks.list()).toHaveLength(1);
  });

  it('hides no halt of an operator behind a halt of another scope with the same name', async () => {
    await own(
      `INSERT INTO halt (scope, target, reason, subject, details, opened_by) VALUES ('asset', 'NONE', 'operator', 'theft', 'x', 'demo')`,
    );
    const all = { by: 'olivia', details: 'd', scope: 'all', target: null, name: 'theft' } as const;

    const halt = await queue.halts.open(all);

    expect(halt).toMatchObject({ scope: 'all', subject: expect.stringMatching(/^theft ~/) });
    expect(await queue.halts.open(all)).toEqual(halt);
    expect(await queue.claim('a')).toEqual([]);
  });

  it('hides no finding behind a break of a halt that people lifted long before', async () => {
    const [halt] = await queue.unitOfWork.run((tx) =>
      openHalts(tx, [{ ...FOUND, subject: 'v0' }], 'connector'),
    );
    await byTwo((caller) => queue.halts.lift(halt?.id ?? '', 'seen', caller));
    await own(
      `INSERT INTO break (kind, subject, details, halt_id) VALUES ('orphan', 'v1', 'x', $1)`,
      [halt?.id],
    );

    await find();

    expect(await queue.claim('a')).toEqual([]);
    expect(await inForce()).toEqual(['orphan v1']);
  });

  it.each([
    [
      'backdates no lift',
      `${LIFT}, lifted_at = '2020-01-01'`.replace('lifted_at = clock_timestamp(), ', ''),
    ],
    [
      'backdates no lift of a new halt',
      `INSERT INTO halt (reason, subject, details, opened_by, lifted_at, lifted_by, lift_approved_by, lift_evidence) VALUES ('orphan', 'v9', 'x', 'c', '2020-01-01', 'a', 'b', 'c')`,
    ],
    [
      'chooses no time of opening',
      `INSERT INTO halt (reason, subject, details, opened_by, opened_at) VALUES ('orphan', 'v9', 'x', 'c', '2020-01-01')`,
    ],
  ])('%s', async (_what, sql) => {
    await open();
    await expect(own(sql)).rejects.toThrow(/permission denied|cannot be backdated/);
  });

  it('closes no break', async () => {
    await find();
    await own(CLOSE);

    await queue.closings.look();

    expect((await queue.breaks.list()).map(({ closedBy }) => closedBy)).toEqual([null]);
  });

  it('leaves the lifts and closings of people as they are, in every process', async () => {
    await find();
    const [halt] = await queue.halts.inForce();
    const [found] = await queue.breaks.list();
    await byTwo((caller) => queue.halts.lift(halt?.id ?? '', 'seen', caller));
    await queue.breaks.close(found?.id ?? '', 'peter', 'seen');
    await Promise.all([queue.lifts.look(), queue.closings.look()]);

    expect((await queue.breaks.list()).map(({ closedBy }) => closedBy)).toEqual(['peter']);
    expect(await queue.claim(randomUUID())).toHaveLength(1);
  });
});
