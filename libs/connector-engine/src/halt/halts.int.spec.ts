import { randomUUID } from 'node:crypto';
import { type Halts, openHalts } from '@sluice/service-shell';
import { byTwo, TWO_PEOPLE } from '@sluice/test-kit';
import { withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import { CONNECTOR_GAUGES } from '../connector-gauges.js';
import { FORM, TestQueue, NO_ANSWER } from '../testkit/given-queue.js';

const PAID_TWICE = {
  reason: 'paid_twice',
  subject: 'w v2',
  details: 'the venue has v2 under the reference of v1',
};

const WISH = { by: 'R. Ortiz', details: 'their status page' };

describe('a halt', () => {
  let postgres: TestPostgres;
  let queue: TestQueue;
  let halts: Halts;

  beforeAll(async () => (postgres = await withTestPostgres()));
  const given = async (
    ...change: Parameters<typeof TestQueue.start> extends [unknown, ...infer R] ? R : never
  ) => {
    queue = await TestQueue.start(postgres, ...change);
    halts = queue.halts;
  };
  afterEach(() => queue.close());
  afterAll(() => postgres.stop());

  const open = () => queue.unitOfWork.run((tx) => openHalts(tx, [PAID_TWICE], 'connector'));

  it('lets no instance take anything to be sent, until it is lifted', async () => {
    await given();
    await queue.submit(null, null);
    const due = await queue.instance('a').peek(FORM, 10); // looked before, claims after
    const [halt] = await open();

    const ready = due.map((order) => ({
      order,
      request: { form: FORM.form, body: '{}', gross: order.amount, evidence: {} },
    }));
    expect(await queue.instance('a').claim(ready, 60_000, new Date())).toEqual([]);
    expect(await queue.claim('b')).toEqual([]);

    await byTwo((caller) => halts.lift(halt?.id ?? '', 'ticket 8812', caller));
    expect(await queue.claim('b')).toHaveLength(2);
  });

  it.each([
    ['asset', 'USDT.ETH', 'ETH.ETH'],
    ['account', 'account_id', randomUUID()],
    ['key', 'key_id', 'ck_other'],
  ] as const)('of an %s lets all others go', async (scope, covered, other) => {
    await given();
    const [id] = await queue.submit(null);
    const [own] = await queue.database.query<{ account_id: string; key_id: string }>(
      'SELECT account_id, key_id FROM submission',
    );
    const target = covered === 'USDT.ETH' ? covered : (own?.[covered] ?? '');

    await halts.open({ ...WISH, scope, target: other });
    const halt = await halts.open({ ...WISH, scope, target });
    expect(await queue.claim('a')).toEqual([]);
    expect((await queue.views().submission(id ?? ''))?.awaited).toMatch(
      new RegExp(`halt ${halt.id} (?!.*halt \\d)`),
    );

    await byTwo((caller) => halts.lift(halt.id, 'seen', caller));
    expect(await queue.claim('a')).toHaveLength(1);
  });

  it('of all is one of this venue, too; the same name again is the same halt', async () => {
    await given();
    await queue.submit(null);
    const all = { ...WISH, scope: 'all', target: null, name: 'theft-1' } as const;

    expect(await halts.open(all)).toEqual(await halts.open(all));
    expect(await queue.claim('a')).toEqual([]);
    expect(await halts.inForce()).toHaveLength(1);
  });

  it('may come from intake-api, once for each reason and subject', async () => {
    await given();
    const [withdrawalId = ''] = await queue.submit(null);
    const found = { reason: 'sent_not_asked', subject: `w ${withdrawalId}`, details: 'd' };
    const command = () => ({
      id: randomUUID(),
      source: 'intake-api',
      subject: withdrawalId,
      time: new Date().toISOString(),
      type: 'venue.halt.v1' as const,
      data: { withdrawalId, ...found },
    });

    await queue.take(command());
    await queue.take(command());

    expect(await queue.claim('a')).toEqual([]);
    expect(await halts.inForce()).toMatchObject([{ ...found, openedBy: 'intake-api' }]);
  });

  it('of an account whose new addresses come in a burst comes from intake-api, and lets all others go', async () => {
    await given();
    const [withdrawalId = '', other] = await queue.submit(null, null);
    const [own] = await queue.database.query<{ account_id: string }>(
      'SELECT account_id FROM submission WHERE withdrawal_id = $1',
      [withdrawalId],
    );
    await queue.take({
      id: randomUUID(),
      source: 'intake-api',
      subject: withdrawalId,
      time: new Date().toISOString(),
      type: 'venue.halt.v1',
      data: {
        withdrawalId,
        reason: 'new_address_burst',
        subject: 's',
        details: 'd',
        accountId: own?.account_id ?? '',
      },
    });

    const claimed = await queue.claim('a');
    expect(claimed.map((claim) => claim.withdrawalId)).toEqual([other]);
  });

  it('stops repeats of an unknown attempt as well', async () => {
    const replaying = { recovery: 'replay', replayForMs: 60_000, maxResends: 5 } as const;
    await given(replaying);
    const form = { ...FORM, ...replaying };
    await queue.submit(null);
    await queue.outcome(await queue.claim('a'), {
      kind: 'unknown',
      cause: 'time-out',
      evidence: NO_ANSWER,
    });
    await queue.database.query('UPDATE submission SET next_action_at = clock_timestamp()');
    expect(await queue.instance('a').repeatsDue(form, 10)).toBe(1);

    await open();

    expect(await queue.instance('a').repeatsDue(form, 10)).toBe(0);
    expect(await queue.instance('a').claimRepeats(form, 10, 1_000, new Date())).toEqual([]);
  });

  it('is opened once for a reason and a subject: one that a person has lifted does not come back', async () => {
    await given();
    const [halt] = await open();
    expect(await open()).toEqual([]);
    await byTwo((caller) => halts.lift(halt?.id ?? '', 'ticket 8812', caller));

    expect(await open()).toEqual([]);
    expect(await halts.inForce()).toEqual([]);
    expect(await halts.list()).toMatchObject([
      { reason: 'paid_twice', liftedBy: 'olivia', liftEvidence: 'ticket 8812' },
    ]);
  });

  it('is lifted once, and one that is not there is said to be missing', async () => {
    await given();
    const halt = await halts.open({ ...WISH, scope: 'venue', target: null });
    await byTwo((caller) => halts.lift(halt.id, 'seen', caller));

    expect(await halts.lift(halt.id, 'seen', TWO_PEOPLE[0])).toMatchObject({
      ok: false,
      refusal: { kind: 'lifted_already', halt: { liftedBy: 'olivia', liftApprovedBy: 'peter' } },
    });
    expect(await halts.lift('9999', 'seen', TWO_PEOPLE[0])).toMatchObject({
      ok: false,
      refusal: { kind: 'no_such_halt' },
    });
  });

  it('stays in force while one person alone has said that it may go on', async () => {
    await given();
    await queue.submit(null);
    const halt = await halts.open({ ...WISH, scope: 'venue', target: null });
    const [olivia, peter] = TWO_PEOPLE;

    expect(await halts.lift(halt.id, 'seen', olivia)).toMatchObject({
      value: { awaits: 'a second person with the role approve' },
    });
    await expect(halts.lift(halt.id, 'seen', olivia)).rejects.toThrow('it takes another person');
    await expect(halts.lift(halt.id, 'seen', { ...peter, roles: ['operate'] })).rejects.toThrow(
      'it takes the role approve',
    );
    expect(await queue.claim('a')).toEqual([]);

    await halts.lift(halt.id, 'seen', peter);
    expect(await queue.claim('a')).toHaveLength(1);
  });

  it.each([`lift_approved_by = NULL`, `lift_approved_by = 'OLIVIA'`])(
    'is lifted by nobody alone, whoever writes: %s',
    async (second) => {
      await given();
      await open();

      await expect(
        queue.database.query(
          `UPDATE halt SET lifted_at = clock_timestamp(), lifted_by = 'olivia', lift_evidence = 'e', ${second}`,
        ),
      ).rejects.toThrow(/lifted_by_(two|another_person)/);
    },
  );

  it('is counted, and is shown with each withdrawal that waits for it', async () => {
    await given();
    const [id = ''] = await queue.submit(null);
    await open();

    const gauge = CONNECTOR_GAUGES.find(({ name }) => name === 'sluice_halts');
    expect(await queue.database.query(gauge?.sql ?? '')).toEqual([
      { reason: 'paid_twice', value: 1 },
    ]);
    expect(await queue.views().submission(id)).toMatchObject({
      awaited: expect.stringMatching(
        /halted until a person has checked: halt 1 \(paid_twice, w v2: the venue has v2/,
      ),
    });
  });
});
