import { randomUUIDv7 } from 'node:crypto';
import { signProof } from '@sluice/signing';
import { testMessageKeys } from '@sluice/test-kit';
import { connectorOf } from '@sluice/messages';
import { testSeals } from '@sluice/service-shell/testing';
import { AddressBooks } from '../address-book/address-book-settings.js';
import { Policies, type PolicySetRow } from './policies.js';
import {
  assign,
  capture,
  commandOf,
  faultsOf,
  givenAccount,
  place,
  release,
  USDT,
  type CommandBody,
  type TestLedger,
} from '../testkit/given-ledger.js';
import { dailyLimit, nothingMoved, PolicyLedger } from '../testkit/policy-ledger.js';
import type { TopicCommand } from '../wire/ledger-command.js';

const DIGEST = 'a1'.repeat(32);
const HOUR_MS = 3_600_000;

describe('the spending policy of the ledger', () => {
  let given: PolicyLedger;
  let ledger: TestLedger;
  let accountId: string;
  PolicyLedger.forEachTest((one) => void ({ ledger, accountId } = given = one));

  const ask = (path: string) => given.ask('GET', path);
  const post = (path: string, body: object, name: string) =>
    given.ask('POST', `policy${path}`, body, name);
  const publish = (rules: readonly object[], terms: object = {}) =>
    given.publish({ ...terms, rules });
  const setPrice = async (eur: string) => {
    await post('/prices', { asset: USDT, eur }, 'ada');
    return post('/prices', { asset: USDT, eur }, 'peter');
  };
  /** A hold with an order of the customer: what the recipient gets is the amount without a fee of 1. */
  const hold = (payout: string, more: object = {}) => {
    const { type, data } = place(accountId, String(Number(payout) + 1));
    const order = { payout, fee: '1', digest: DIGEST, venue: 'gateio', keyId: 'key-1' };
    return { type, data: { ...data, ...order, ...more } };
  };
  const to = (address: string, memo?: string) => ({
    destination: { type: 'address' as const, address, ...(memo !== undefined && { memo }) },
  });
  const answersOf = async (...holds: readonly ReturnType<typeof hold>[]) =>
    (await ledger.run(...holds)).map(({ event }) => {
      const data = event.data as { reason?: string; remaining?: string };
      return [event.type.split('.')[1], data.reason, data.remaining].filter(Boolean).join(' ');
    });
  const counters = () =>
    ledger.database.query<{ key: string; used: string }>(
      'SELECT key, sum(used)::text AS used FROM policy_counter GROUP BY key HAVING sum(used) <> 0 ORDER BY key',
    );
  const removeMeters = () =>
    ledger.service.query<{ row: object }>(
      'DELETE FROM policy_meter AS m RETURNING to_jsonb(m) AS row',
    );
  const putBack = async (meters: readonly { readonly row: object }[]) => {
    for (const { row } of meters)
      await ledger.service.query(
        'INSERT INTO policy_meter SELECT * FROM jsonb_populate_record(NULL::policy_meter, $1)',
        [JSON.stringify(row)],
      );
  };
  const used = async () => (await counters()).map((row) => row.used);
  it('decides 50 concurrent requests just below a limit exactly', async () => {
    await publish([dailyLimit('100')]);
    const holds = Array.from({ length: 50 }, () => hold('10'));

    const answers = await Promise.all(holds.map((one) => answersOf(one)));

    expect(answers.flat().filter((answer) => answer === 'hold-placed')).toHaveLength(10);
    expect(
      answers.flat().filter((answer) => answer === 'hold-refused limit_exceeded 0'),
    ).toHaveLength(40);
    expect(await used()).toEqual(['100']);
  });

  it('decides a batch of 50 in its order, across accounts that share a limit', async () => {
    await publish([dailyLimit('100', { per: [] })]);
    const other = await givenAccount(ledger, '1000');
    const holds = Array.from({ length: 50 }, (_, at) =>
      hold('10', at % 2 === 0 ? {} : { accountId: other }),
    );

    const answers = await answersOf(...holds);

    expect(answers.slice(0, 10)).toEqual(Array(10).fill('hold-placed'));
    expect(new Set(answers.slice(10))).toEqual(new Set(['hold-refused limit_exceeded 0']));
  });

  it('refuses with the rule, the remainder and the time at which the limit frees, and repeats the answer', async () => {
    await publish([dailyLimit('100')]);
    await ledger.run(hold('70'));
    const refused = hold('40');

    const first = (await ledger.run(refused))[0]?.event;
    expect(first).toMatchObject({
      type: 'ledger.hold-refused.v1',
      data: { reason: 'limit_exceeded', rule: 'daily', remaining: '30', unit: USDT },
    });
    const freesAt = Date.parse((first?.data as { freesAt: string }).freesAt);
    expect(freesAt - Date.now()).toBeGreaterThan(24 * HOUR_MS);
    expect(freesAt - Date.now()).toBeLessThan(25 * HOUR_MS + 1_000);
    expect((await ledger.run(refused))[0]?.event).toEqual(first);
    expect(await answersOf(hold('30'), hold('0.000001'))).toEqual([
      'hold-placed',
      'hold-refused limit_exceeded 0',
    ]);
  });

  it('names no time for an amount above the limit itself', async () => {
    await publish([dailyLimit('100')]);
    expect((await ledger.run(hold('101')))[0]?.event.data).toMatchObject({ freesAt: null });
  });

  it('counts a repeated command once, in a new process as well', async () => {
    await publish([dailyLimit('100')]);
    const command = commandOf(hold('60'));
    await ledger.applyCommands.apply([command]);
    await ledger.applyCommands.apply([command]);
    await ledger.runAt(new Date(), { type: command.type, data: command.data } as never);
    expect(await used()).toEqual(['60']);
  });

  it('gives capacity back to its bucket on a release, the difference on a smaller capture, and nothing by age', async () => {
    await publish([dailyLimit('100')]);
    const [first, second] = [hold('40'), hold('60')];
    const before = new Date(Date.now() - 5 * HOUR_MS);
    await ledger.runAt(before, first, second);
    const buckets = () =>
      ledger.database.query('SELECT bucket, used::text FROM policy_counter ORDER BY bucket');
    const full = await buckets();
    expect(full).toEqual([{ bucket: expect.any(Date), used: '100' }]);

    await ledger.run(release(first, 'not paid', nothingMoved(first, 'gateio')));
    expect(await buckets()).toEqual([{ ...full[0]!, used: '60' }]);
    await ledger.run(capture(second, '59.5', '1', 'gateio'));
    expect(await buckets()).toEqual([{ ...full[0]!, used: '59.5' }]);
    expect(await answersOf(hold('40.5'), hold('0.1'))).toEqual([
      'hold-placed',
      'hold-refused limit_exceeded 0',
    ]);
  });

  it('keeps the capacity of an undecided hold for good within a limit over the whole time', async () => {
    await publish([dailyLimit('100', { window: 'lifetime' })]);
    await ledger.runAt(new Date(Date.now() - 40 * 24 * HOUR_MS), hold('100'));
    expect(await answersOf(hold('1'))).toEqual(['hold-refused limit_exceeded 0']);
  });

  it('moves only the counter of the venue at a fail-over', async () => {
    await publish([dailyLimit('100'), dailyLimit('50', { name: 'venue', per: ['venue'] })]);
    const moved = hold('40');
    await ledger.run(moved);

    await ledger.run(assign(moved, 'bybit', 'gateio', nothingMoved(moved, 'gateio')));

    const moving = (await counters()).map(({ key, used: count }) => [key, count] as const);
    expect(new Map(moving)).toEqual(
      new Map([
        [`${USDT} ${accountId}`, '40'],
        [`${USDT} bybit`, '40'],
      ]),
    );
    expect(await answersOf(hold('50'), hold('20', { venue: 'bybit' }))).toEqual([
      'hold-placed',
      'hold-refused limit_exceeded 10',
    ]);
  });

  it('releases a hold, on the proof of its venue, if a limit of the next venue refuses it', async () => {
    await publish([dailyLimit('50', { name: 'venue', per: ['venue'] })]);
    const moved = hold('40');
    const { withdrawalId } = moved.data;
    await ledger.run(hold('45', { venue: 'bybit' }), moved);
    const kept = assign(moved, 'bybit', 'gateio', nothingMoved(moved, 'gateio'));
    const command = { ...kept, data: { ...kept.data, releaseIfRefused: true } };
    // another venue may have paid: the hold stays, and a person decides
    expect((await ledger.run(kept))[0]?.refusal).toMatchObject({ kind: 'limit_exceeded' });

    const unproven = (await ledger.run({ ...command, data: { ...command.data, proof: 'x' } }))[0]
      ?.refusal;
    expect(unproven).toMatchObject({ kind: 'not_proven' });
    for (const _time of [1, 2])
      expect((await ledger.run(command))[0]?.event).toMatchObject({
        type: 'ledger.hold-released.v1',
        data: { withdrawalId, reason: 'limit_exceeded' },
      });
    expect(await counters()).toEqual([{ key: `${USDT} bybit`, used: '45' }]);
  });

  it('releases a hold with the reason of a rule that denies the next venue, and repeats the answer', async () => {
    await publish([{ kind: 'deny', name: 'no-bybit', venues: ['bybit'] }]);
    const moved = hold('40');
    const { withdrawalId } = moved.data;
    await ledger.run(moved);
    const kept = assign(moved, 'bybit', 'gateio', nothingMoved(moved, 'gateio'));
    const command = { ...kept, data: { ...kept.data, releaseIfRefused: true } };

    expect((await ledger.run(kept))[0]?.refusal).toMatchObject({ kind: 'policy_denied' });
    for (const _time of [1, 2])
      expect((await ledger.run(command))[0]?.event).toMatchObject({
        type: 'ledger.hold-released.v1',
        data: { withdrawalId, reason: 'policy_denied' },
      });
  });

  it('names commands sent again that a limit refuses, and releases no hold that a venue may have paid', async () => {
    await publish([dailyLimit('50', { name: 'venue', per: ['venue'] })]);
    const [moved, lost] = [hold('40'), hold('20')];
    await ledger.run(moved, hold('45', { venue: 'bybit' }));
    const assigned = assign(moved, 'bybit', 'gateio', nothingMoved(moved, 'gateio'));
    const again = (command: CommandBody) =>
      ledger.applyCommands.applyAgain([
        { withdrawalId: 'w', commands: [commandOf(command) as TopicCommand] },
      ]);

    expect(await again(assigned)).toEqual([
      { withdrawalId: 'w', refusal: 'ledger.assign-hold.v1: limit_exceeded' },
    ]);
    expect(await again(lost)).toEqual([
      { withdrawalId: 'w', refusal: 'ledger.place-hold.v1: limit_exceeded' },
    ]);
    // a receipt of the ledger itself proves that it had allowed the hold
    const allowed = (venue: string) => {
      const of = { withdrawalId: lost.data.withdrawalId, digest: DIGEST, venue };
      const until = new Date(Date.now() - HOUR_MS);
      const ring = testMessageKeys('ledger').with(connectorOf(venue));
      return {
        ...lost,
        data: {
          ...lost.data,
          earlierReceipt: signProof(ring, { says: 'held', to: 'connector', ...of, until }),
        },
      };
    };
    expect(await again(allowed('bybit'))).toEqual([
      { withdrawalId: 'w', refusal: 'ledger.place-hold.v1: limit_exceeded' },
    ]);
    expect(await again(allowed('gateio'))).toEqual([{ withdrawalId: 'w', refusal: null }]);
    expect(
      await ledger.database.query('SELECT state, assigned_to FROM hold ORDER BY amount'),
    ).toEqual([
      { state: 'placed', assigned_to: 'gateio' },
      { state: 'placed', assigned_to: 'gateio' },
      { state: 'placed', assigned_to: 'bybit' },
    ]);
  });

  it('counts per key, per destination with its memo, and payments', async () => {
    await publish([
      dailyLimit('100', { name: 'key', per: ['key'] }),
      dailyLimit('2', { name: 'count', per: ['destination'], unit: 'payments' }),
    ]);
    const upper = '0x52908400098527886E0F7030069857D2E4169EE7';
    const answers = await answersOf(
      hold('10', to(upper)),
      hold('10', to(upper.toLowerCase().replace('0X', '0x'))),
      hold('10', to(upper)),
      hold('10', to(upper, '7')),
      hold('80', { ...to('another'), keyId: 'key-2' }),
      hold('80', to('another')),
    );
    expect(answers).toEqual([
      'hold-placed',
      'hold-placed',
      'hold-refused limit_exceeded 0',
      'hold-placed',
      'hold-placed',
      'hold-refused limit_exceeded 70',
    ]);
  });

  it('never allows what it cannot evaluate: no key, no destination, no price, an old price', async () => {
    await publish([dailyLimit('100', { per: ['key'] })]);
    expect(await answersOf(hold('1', { keyId: undefined }))).toEqual([
      'hold-refused policy_denied',
    ]);
    await publish([
      dailyLimit('100', { per: ['key'] }),
      dailyLimit('9', { name: 'to', per: ['destination'] }),
    ]);
    expect(await answersOf(hold('1'))).toEqual(['hold-refused policy_denied']);
    const eur = dailyLimit('50', { name: 'eur', unit: 'EUR', assets: undefined, per: [] });
    await publish([
      dailyLimit('100', { per: ['key'] }),
      dailyLimit('9', { name: 'to', per: ['destination'] }),
      eur,
    ]);
    const known = to('a');
    expect(await answersOf(hold('1', known))).toEqual(['hold-refused policy_denied']);
    expect((await setPrice('0.9')).status).toBe(200);
    expect(await answersOf(hold('5', known))).toEqual(['hold-placed']);
    await ledger.database.query(`UPDATE policy_price SET at = at - interval '2 hours'`);
    expect(await answersOf(hold('1', known))).toEqual(['hold-refused policy_denied']);
  });

  it('counts in EUR over assets, and a forged price does not count', async () => {
    await publish([dailyLimit('10', { unit: 'EUR', assets: undefined, per: [] })]);
    await setPrice('2');
    await ledger.service.query(
      `INSERT INTO policy_price SELECT asset, at + interval '1 second', 0.001, requested_by, approved_by, seal FROM policy_price`,
    );
    expect(await answersOf(hold('1'))).toEqual(['hold-refused policy_denied']);
    await ledger.database.query('DELETE FROM policy_price WHERE eur < 1');
    expect(await answersOf(hold('5'), hold('0.1'))).toEqual([
      'hold-placed',
      'hold-refused limit_exceeded 0',
    ]);
  });

  it('denies by account, key, asset and venue, whatever other rules allow', async () => {
    await publish([
      dailyLimit('1000'),
      { kind: 'deny', name: 'no-bybit', venues: ['bybit'] },
      { kind: 'deny', name: 'key-out', keys: ['key-9'] },
    ]);
    expect(
      await answersOf(hold('1'), hold('1', { venue: 'bybit' }), hold('1', { keyId: 'key-9' })),
    ).toEqual(['hold-placed', 'hold-refused policy_denied', 'hold-refused policy_denied']);
  });

  it('fills the counters of a new limit from the holds on record', async () => {
    await ledger.run(hold('40'));
    const paid = hold('30');
    await ledger.run(paid);
    await ledger.run(capture(paid, '29', '1', 'gateio'));
    const gone = hold('20');
    await ledger.run(gone);
    await ledger.run(release(gone, 'not paid', nothingMoved(gone, 'gateio')));

    await publish([
      dailyLimit('100'),
      dailyLimit('3', { name: 'count', unit: 'payments', window: 'hour' }),
    ]);

    expect(await answersOf(hold('31'), hold('31.1'))).toEqual([
      'hold-placed',
      'hold-refused limit_exceeded 0',
    ]);
  });

  it('keeps the count when a limit is lowered, and restarts it for none', async () => {
    await publish([dailyLimit('100')]);
    await ledger.run(hold('60'));
    expect(await publish([dailyLimit('50')])).toMatchObject({ state: 'in_force' });
    expect(await answersOf(hold('1'))).toEqual(['hold-refused limit_exceeded 0']);
  });

  it('removes counters older than 40 days at a publishing, and those of removed limits, and keeps the whole time', async () => {
    const ever = dailyLimit('1000', { name: 'ever', window: 'lifetime' });
    await publish([dailyLimit('100'), ever]);
    await ledger.runAt(new Date(Date.now() - 41 * 24 * HOUR_MS), hold('7'));
    await ledger.runAt(new Date(Date.now() - 39 * 24 * HOUR_MS), hold('5'));
    expect(await used()).toEqual(['24']);

    await publish([dailyLimit('90'), ever]);
    const byMeter = () =>
      ledger.database.query(
        'SELECT sum(used)::text AS used FROM policy_counter GROUP BY meter ORDER BY sum(used)',
      );
    expect(await byMeter()).toEqual([{ used: '5' }, { used: '12' }]);

    // A publishing keeps the limits of the set that it replaces; the next one removes them.
    for (const kept of [2, 0]) {
      expect(await publish([{ kind: 'deny', name: 'all' }])).toMatchObject({ state: 'in_force' });
      expect(await byMeter()).toHaveLength(kept);
    }
  });

  it('takes a tightening at once, and a loosening after its waiting time', async () => {
    await publish([dailyLimit('100')]);
    const loose = await publish([dailyLimit('1000')]);
    expect(loose.state).toBe('coming');
    expect(Date.parse(loose.starts_at) - Date.parse(loose.published_at)).toBe(24 * HOUR_MS);
    expect(await answersOf(hold('101'))).toEqual(['hold-refused limit_exceeded 100']);
    const counted = await publish([dailyLimit('90')]);
    expect(counted.state).toBe('in_force');
    const { body } = await ask('policy');
    expect(
      body.data.map((one: { version: number; state: string }) => [one.version, one.state]),
    ).toEqual([
      [3, 'in_force'],
      [2, 'never_in_force'],
      [1, 'replaced'],
      [0, 'replaced'],
    ]);
  });

  it('publishes by two people only, each exactly the same set after the same version', async () => {
    const body = { after_version: 0, policy: { rules: [dailyLimit('100')] } };
    expect((await post('', body, 'ada')).body.data).toMatchObject({
      approval_id: expect.any(String),
    });
    expect((await post('', body, 'ada')).status).toBe(409);
    const other = { after_version: 0, policy: { rules: [dailyLimit('200')] } };
    expect((await post('', other, 'peter')).body.data).toMatchObject({
      approval_id: expect.any(String),
    });
    expect((await post('', other, 'ada')).status).toBe(200);
    expect((await post('', body, 'ada')).status).toBe(409);
    const faulty = { after_version: 1, policy: { rules: [dailyLimit('1', { pre: [] })] } };
    expect(await post('', faulty, 'ada')).toMatchObject({
      status: 422,
      body: { message: 'policy.rules[0].pre: is no known field' },
    });
  });

  it('refuses in the database what two people did not publish', async () => {
    await publish([dailyLimit('100')]);
    const alone = `INSERT INTO policy_set SELECT version + 1, follows, document, has_rules, starts_at, published_at, requested_by, requested_by, seal FROM policy_set`;
    await expect(ledger.service.query(alone)).rejects.toThrow('policy_set_by_two_people');
    await expect(ledger.service.query(`UPDATE policy_set SET document = '{}'`)).rejects.toThrow(
      'permission denied',
    );
    await ledger.service.query(
      `INSERT INTO policy_set SELECT version + 1, follows, '{"rules": []}', false, starts_at, published_at, requested_by, approved_by, seal FROM policy_set`,
    );
    expect(await answersOf(hold('101'))).toEqual(['hold-refused limit_exceeded 100']);
  });

  it('places no hold while the key of the version in force is missing', async () => {
    await publish([dailyLimit('100')]);
    await ledger.database.query(`UPDATE policy_set SET seal = 'gone:' || split_part(seal, ':', 2)`);
    const unknown = /the seal of version 1 of the spending policy names a key/;
    await expect(ledger.runAt(new Date(), hold('101'))).rejects.toThrow(unknown);
    await ledger.database.query('DELETE FROM policy_set');
  });

  it('places no hold while another writer has removed a meter', async () => {
    await publish([dailyLimit('100')]);
    await ledger.service.query('DELETE FROM policy_meter');
    await expect(ledger.runAt(new Date(), hold('1'))).rejects.toThrow('the meter of limit daily');
    await ledger.database.query('DELETE FROM policy_set');
  });

  it('counts holds by triggers that are enabled while a meter exists', async () => {
    const enabled = () =>
      ledger.database.query(
        `SELECT DISTINCT tgenabled AS is FROM pg_trigger WHERE tgname LIKE 'hold_is_counted_%'`,
      );
    await removeMeters();
    expect(await enabled()).toEqual([{ is: 'D' }]);

    await publish([dailyLimit('100')]);
    expect(await enabled()).toEqual([{ is: 'O' }]);
    const meters = await removeMeters();
    expect(await enabled()).toEqual([{ is: 'D' }]);
    await ledger.service.query('DELETE FROM policy_meter');
    await putBack(meters);
    expect(await enabled()).toEqual([{ is: 'O' }]);
    await expect(
      ledger.service.query('ALTER TABLE hold DISABLE TRIGGER hold_is_counted_when_placed'),
    ).rejects.toThrow('must be owner');
  });

  it('lets the login of the ledger lower no counter', async () => {
    await publish([dailyLimit('100')]);
    await ledger.run(hold('60'));
    const { service } = ledger;
    for (const change of [
      'UPDATE policy_counter SET used = 0',
      'DELETE FROM policy_counter',
      `INSERT INTO policy_counter SELECT meter, key, bucket + interval '1 hour', -used FROM policy_counter`,
      'UPDATE policy_meter SET per = per',
      'UPDATE hold SET payout = 1',
      `UPDATE hold SET decided_at = decided_at - interval '2 days'`,
    ])
      await expect(service.query(change)).rejects.toThrow('permission denied');
    await expect(
      service.query(`UPDATE hold SET state = 'released', closed_at = now(), reason = 'not paid'`),
    ).rejects.toThrow();
    expect(await answersOf(hold('41'), hold('40'))).toEqual([
      'hold-refused limit_exceeded 40',
      'hold-placed',
    ]);
  });

  it('lets the login of the ledger move the count of a venue to no earlier time', async () => {
    await publish([dailyLimit('100', { per: ['venue'] })]);
    await ledger.run(hold('60'));
    const earlier = () =>
      ledger.service.query(`UPDATE hold SET assigned_at = decided_at - interval '2 days'`);
    await expect(earlier()).rejects.toThrow('before its last assignment');
    const meters = await removeMeters();
    await expect(earlier()).rejects.toThrow('before its last assignment');
    await putBack(meters);
    expect(await answersOf(hold('41'))).toEqual(['hold-refused limit_exceeded 40']);
  });

  it('places no hold in a running process while a meter is removed, and counts on afterwards', async () => {
    await publish([dailyLimit('100')]);
    await ledger.run(hold('60'));
    const meters = await removeMeters();
    await expect(ledger.run(hold('1'))).rejects.toThrow('the meter of limit daily');
    await putBack(meters);
    expect(await answersOf(hold('41'), hold('40'))).toEqual([
      'hold-refused limit_exceeded 40',
      'hold-placed',
    ]);
  });

  it('places no hold by a meter that another writer has replaced, until the next publishing', async () => {
    await publish([dailyLimit('100')]);
    await ledger.run(hold('60'));
    await ledger.service.query(
      `WITH gone AS (DELETE FROM policy_meter RETURNING id, unit, period)
       INSERT INTO policy_meter (id, accounts, per, unit, period, prices) SELECT id || '', '{}', '{}', unit, period, '{}' FROM gone`,
    );
    await expect(ledger.run(hold('1'))).rejects.toThrow('the meter of limit daily');
    await publish([dailyLimit('90')]);
    expect(await answersOf(hold('31'), hold('30'))).toEqual([
      'hold-refused limit_exceeded 30',
      'hold-placed',
    ]);
  });

  it('changes no meter while a batch is under way', async () => {
    await publish([dailyLimit('100')]);
    await ledger.unitOfWork.run(async (tx) => {
      await tx.query(`SELECT pg_advisory_xact_lock_shared(hashtextextended('spending policy', 0))`);
      await ledger.service.withClient(async (client) => {
        await client.query(`BEGIN; SET LOCAL lock_timeout = '200ms'`);
        await expect(client.query('DELETE FROM policy_meter')).rejects.toThrow('lock timeout');
        await client.query('ROLLBACK');
      });
    });
  });

  it('places no hold under a version that another release has published and this one cannot read', async () => {
    await publish([dailyLimit('100')]);
    const [row] = await ledger.database.query<PolicySetRow>('SELECT * FROM policy_set');
    const next = { ...row!, version: 2, document: '{"rules": [{"kind": "later", "name": "a"}]}' };
    const logger = { error: () => undefined };
    const books = new AddressBooks(testSeals('ledger'), logger);
    const policies = new Policies(testSeals('ledger'), books, logger);
    await ledger.database.query(
      `INSERT INTO policy_set SELECT 2, follows, $1, has_rules, starts_at, published_at, requested_by, approved_by, $2 FROM policy_set`,
      [next.document, policies.seal(next)],
    );
    await expect(ledger.runAt(new Date(), hold('1'))).rejects.toThrow('cannot read version 2');
    await ledger.database.query('DELETE FROM policy_set WHERE version = 2');
  });

  it.each(['policy_version', 'payout'])(
    'decides every hold: the database refuses a hold without %s',
    async (column) => {
      await ledger.run(hold('1'));
      const copy = ledger.service.query(
        `INSERT INTO hold SELECT (jsonb_populate_record(h, jsonb_build_object('withdrawal_id', $1::uuid, $2::text, NULL))).* FROM hold AS h`,
        [randomUUIDv7(), column],
      );
      await expect(copy).rejects.toThrow(`null value in column "${column}"`);
    },
  );

  it('explains a decision by its stored input, after other versions as well', async () => {
    await publish([dailyLimit('100'), { kind: 'deny', name: 'no-bybit', venues: ['bybit'] }]);
    const [first, second] = [hold('70'), hold('40')];
    await ledger.run(first, second);
    await publish([dailyLimit('1'), { kind: 'deny', name: 'no-bybit', venues: ['bybit'] }]);
    const explain = async (id: string) => (await ask(`policy/decisions/${id}`)).body.data;
    expect(await explain(second.data.withdrawalId)).toMatchObject({
      version: 1,
      allowed: false,
      payout: '40',
      answers: [
        { rule: 'daily', answer: 'deny', used: '70', amount: '40', max: '100', unit: USDT },
        { rule: 'no-bybit', answer: 'outside' },
      ],
    });
    expect(await explain(first.data.withdrawalId)).toMatchObject({ allowed: true });
  });

  it('explains a decision for the venue of the decision, after a fail-over as well', async () => {
    await publish([
      dailyLimit('50', { name: 'venue', per: ['venue'] }),
      dailyLimit('60', { name: 'at-gateio', venues: ['gateio'] }),
      dailyLimit('70', { name: 'at-bybit', venues: ['bybit'] }),
    ]);
    const [other, moved] = [hold('10'), hold('40')];
    const { withdrawalId } = moved.data;
    await ledger.run(other, moved);
    const explain = async () => (await ask(`policy/decisions/${withdrawalId}`)).body.data;
    const before = await explain();
    await ledger.run(assign(moved, 'bybit', 'gateio', nothingMoved(moved, 'gateio')));

    expect(before.answers).toMatchObject([
      { rule: 'venue', used: '10' },
      { rule: 'at-gateio', answer: 'allow', used: '10' },
      { rule: 'at-bybit', answer: 'outside' },
    ]);
    expect(await explain()).toEqual(before);
  });

  it('stores no venue without a rule by venue', async () => {
    await publish([{ kind: 'deny', name: 'key-out', keys: ['key-9'] }]);
    await ledger.run(hold('1'));
    expect(await ledger.database.query('SELECT policy_detail AS detail FROM hold')).toEqual([
      { detail: null },
    ]);
  });

  it('is watched: a changed counter breaks an invariant', async () => {
    await publish([dailyLimit('100')]);
    await ledger.run(hold('70'));
    await ledger.database.query('UPDATE policy_counter SET used = used - 1');
    expect(await faultsOf(ledger)).toEqual([
      expect.stringContaining('policy-counters-are-sums-of-holds'),
    ]);
    await ledger.database.query('UPDATE policy_counter SET used = used + 1');
  });
});
