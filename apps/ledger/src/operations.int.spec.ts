import { randomUUID } from 'node:crypto';
import { expireDueHolds } from './holds/expire-due-holds.js';
import { checkInvariants } from './postgres/check-invariants.js';
import {
  BTC,
  capture,
  entryOf,
  expire,
  freeze,
  fund,
  givenAccount,
  givenLedger,
  openAccount,
  place,
  placeUntil,
  reverse,
  reverseFee,
  startSubmission,
  transfer,
  unfreeze,
  venueFee,
  withVenueFee,
  type TestLedger,
} from './testkit/given-ledger.js';

const PAST = '2026-11-20T08:00:00Z';
const FAR = '2999-01-01T00:00:00.000Z';

describe('operations of the ledger', () => {
  let ledger: TestLedger;
  beforeEach(async () => void (ledger = await givenLedger()));
  afterEach(async () => {
    const { violations } = await checkInvariants((sql, params) =>
      ledger.database.query(sql, params),
    );
    await ledger.close();
    expect(violations).toEqual([]);
  });

  const kinds = (decisions: readonly { refusal: { kind: string } | null }[]) =>
    decisions.map(({ refusal }) => refusal?.kind ?? 'done');
  const sweep = () => expireDueHolds({ ...ledger, now: () => new Date() });

  it('expires the due holds of many accounts, and keeps those that are not due or whose submission has started', async () => {
    const accounts = await Promise.all(
      Array.from({ length: 20 }, () => givenAccount(ledger, '100')),
    );
    const started = placeUntil(PAST, accounts[0]!, '7');
    await ledger.run(
      ...accounts.flatMap((id) => [
        placeUntil(PAST, id, '10'),
        placeUntil(FAR, id, '20'),
        place(id, '30'),
      ]),
      started,
    );
    await ledger.run(startSubmission(started));

    expect(await sweep()).toBe(20);

    expect(await ledger.balance(accounts[0]!)).toBe('57 of 100');
    expect(await ledger.balance(accounts[19]!)).toBe('50 of 100');
    expect(ledger.published().filter((type) => type === 'ledger.hold-expired.v1')).toHaveLength(20);
    expect(await sweep()).toBe(0);
  });

  it('expires a hold once and says so once when several sweeps run at the same time', async () => {
    const accountId = await givenAccount(ledger, '100');
    await ledger.run(...Array.from({ length: 50 }, () => placeUntil(PAST, accountId, '1')));

    await Promise.all([sweep(), sweep(), sweep(), sweep()]);

    expect(await ledger.balance(accountId)).toBe('0 of 100');
    expect(ledger.published().filter((type) => type === 'ledger.hold-expired.v1')).toHaveLength(50);
  });

  it('lets either the expiry or the start of a submission win, whatever comes first, when both arrive at once', async () => {
    const accountId = await givenAccount(ledger, '100');
    const holds = Array.from({ length: 20 }, () => placeUntil(PAST, accountId, '1'));
    await ledger.run(...holds);

    const [expired, started] = await Promise.all([
      Promise.all(holds.map((hold) => ledger.run(expire(hold)))),
      Promise.all(holds.map((hold) => ledger.run(startSubmission(hold)))),
    ]);

    const pairs = holds.map((_, n) => [...kinds(expired[n]!), ...kinds(started[n]!)].join(' '));
    expect(
      pairs.filter((pair) => pair !== 'done already_expired' && pair !== 'not_expirable done'),
    ).toEqual([]);
  });

  it('never promises anything from an account between its freeze and the lifting of it, whatever runs at the same time', async () => {
    const accountId = await givenAccount(ledger, '100');

    await Promise.all([
      ledger.run(freeze(accountId)),
      ...Array.from({ length: 10 }, () => ledger.run(place(accountId, '1'))),
    ]);
    const before = await ledger.balance(accountId);
    const refused = await ledger.run(
      place(accountId, '1'),
      transfer(accountId, `customer:${accountId}`, 'suspense', '1'),
    );
    await ledger.run(unfreeze(accountId));

    expect(kinds(refused)).toEqual(['account_frozen', 'account_frozen']);
    expect(refused[0]?.event).toMatchObject({
      type: 'ledger.hold-refused.v1',
      data: { reason: 'account_frozen', available: null },
    });
    expect(await ledger.balance(accountId)).toBe(before);
    expect(kinds(await ledger.run(place(accountId, '1')))).toEqual(['done']);
  });

  it('keeps an account frozen until each of its freezes is lifted, also when they come at once', async () => {
    const accountId = randomUUID();
    await ledger.run(openAccount(accountId), fund(accountId, '10', 'r'));

    await Promise.all(
      Array.from({ length: 6 }, (_, n) => ledger.run(freeze(accountId, `case ${n}`))),
    );
    await Promise.all(
      Array.from({ length: 5 }, (_, n) => ledger.run(unfreeze(accountId, `case ${n}`))),
    );
    const held = await ledger.run(place(accountId, '1'), freeze(accountId, 'case 0'));
    await ledger.run(unfreeze(accountId, 'case 5'));

    expect(kinds(held)).toEqual(['account_frozen', 'done']);
    expect(kinds(await ledger.run(place(accountId, '1')))).toEqual(['done']);
  });

  it('reverses each kind of entry once, also when two ask at the same time, and answers both with the first reversal', async () => {
    const accountId = await givenAccount(ledger, '100');
    const hold = place(accountId, '60');
    const late = place(accountId, '10');
    const [, , paid, ...others] = await ledger.run(
      hold,
      late,
      withVenueFee(capture(hold, '50', '1'), '0.2'),
      capture(late, '9', '1'),
      venueFee(late, '0.4'),
      transfer(accountId, 'suspense', 'clearing:bybit', '5'),
    );
    const reversals = [
      ...[paid, ...others].map((decision) => reverse(accountId, entryOf(decision))),
      reverseFee(accountId, entryOf(paid)),
    ];

    const twice = await Promise.all(
      [...reversals, ...reversals].map((reversal) => ledger.run(reversal)),
    );

    const made = twice.map(([decision]) => entryOf(decision));
    expect(made.slice(5)).toEqual(made.slice(0, 5));
    expect(await ledger.balance(accountId)).toBe('0 of 100');
    expect(await ledger.count('journal_entry')).toBe(10);
    expect(kinds(await ledger.run(capture(hold, '50', '1'), reverse(accountId, made[0]!)))).toEqual(
      ['done', 'not_reversible'],
    );
  });

  it('records one of several corrected venue fees that come at once, and refuses the others, also in an asset the customer never had', async () => {
    const accountId = await givenAccount(ledger, '100');
    const hold = place(accountId, '60');
    const inBtc = { data: { ...hold.data, asset: BTC } };
    const [, , wrong] = await ledger.run(hold, capture(hold, '50', '1'), venueFee(inBtc, '0.4'));
    const corrected = (n: number) => venueFee(inBtc, `0.${n + 1}`, 'gateio', `statement ${n}`);

    const [reversed, ...early] = await Promise.all([
      ledger.run(reverse(accountId, entryOf(wrong))),
      ...Array.from({ length: 8 }, (_, n) => ledger.run(corrected(n))),
    ]);
    const late = await Promise.all(Array.from({ length: 8 }, (_, n) => ledger.run(corrected(n))));

    expect(kinds(reversed)).toEqual(['done']);
    expect(early.flatMap(kinds).filter((kind) => kind === 'done').length).toBeLessThanOrEqual(1);
    expect(late.flatMap(kinds).sort()).toEqual([
      'done',
      ...Array<string>(7).fill('venue_fee_reused'),
    ]);
    expect(await ledger.count('journal_entry')).toBe(5);
  });
});
