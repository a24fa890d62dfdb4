import { randomUUID } from 'node:crypto';
import { checkInvariants, type Database, type UnitOfWork } from '@sluice/postgres';
import { givenAuditor } from '../testkit/given-auditor.js';
import { inSnapshot, runChecks } from '../checks/run-checks.js';
import { ledgerFacts, type FollowedEvent } from '../writes/ledger-facts.js';
import { storeFacts } from '../writes/store-facts.js';

const INVARIANTS = new URL('../postgres/invariants/', import.meta.url);
const ASSET = 'USDT.ETH';

let owner: Database;
let service: Database;
let unitOfWork: UnitOfWork;
beforeEach(async () => {
  ({ owner, service, unitOfWork } = await givenAuditor());
});
afterEach(() => Promise.all([owner.close(), service.close()]));

const event = (type: FollowedEvent['type'], data: object): FollowedEvent => {
  const built: object = { id: '1', source: 'ledger', time: new Date().toISOString(), type, data };
  return built as FollowedEvent;
};
const store = (...events: readonly FollowedEvent[]) =>
  unitOfWork.run((tx) => storeFacts(tx, ledgerFacts(events)));

/** An account with 10, and a withdrawal of 4 with a fee of 1. */
function given() {
  const [accountId, withdrawalId] = [randomUUID(), randomUUID()];
  const of = { accountId, asset: ASSET, withdrawalId };
  return {
    accountId,
    opened: event('ledger.account-opened.v1', { accountId, name: 'x' }),
    funded: event('ledger.account-funded.v1', { ...of, amount: '10', entryId: randomUUID() }),
    placed: event('ledger.hold-placed.v1', { ...of, amount: '5', venue: 'a' }),
    released: event('ledger.hold-released.v1', { ...of, amount: '5' }),
    captured: (entryId: string, amount = '4') =>
      event('ledger.hold-captured.v1', { ...of, amount, fee: '1', entryId }),
    reversed: (reversedEntryId: string, lines: { lines?: 'venue_fee' } = {}) =>
      event('ledger.entry-reversed.v1', {
        accountId,
        reversedEntryId,
        entryId: ['reversal of', reversedEntryId, ...Object.values(lines)].join(' '),
        reason: 'x',
        ...lines,
      }),
  };
}

async function balances(): Promise<readonly string[]> {
  expect((await checkInvariants(owner, INVARIANTS)).violations).toEqual([]);
  const rows = await owner.query<{ balance: string }>('SELECT balance::text FROM audited_account');
  return rows.map(({ balance }) => balance);
}
const heldAmounts = async () =>
  (await owner.query<{ held: string }>('SELECT held::text FROM audited_account')).map(
    ({ held }) => held,
  );
const movements = async () =>
  (await owner.query(`SELECT FROM audited_movement WHERE kind = 'capture'`)).length;

async function findings(): Promise<readonly string[]> {
  await owner.query(`UPDATE audit_progress SET followed_through = now() + interval '1 hour'`);
  await inSnapshot(service, (query) => runChecks(query, [], new Date()));
  const rows = await owner.query<{ kind: string }>('SELECT kind FROM finding ORDER BY id');
  return rows.map(({ kind }) => kind);
}

describe('the debit of a capture', () => {
  it('is part of the hold’s row, counts once, and is the same in one batch and in several', async () => {
    const { opened, funded, placed, captured } = given();
    await store(opened, funded, placed, captured('e1'), captured('e1'));
    await store(captured('e1'));
    await store(opened, funded, placed, captured('e1'));

    expect(await balances()).toEqual(['5']);
    expect(await movements()).toBe(0);
  });

  it('counts if its hold is unknown, and once if the hold is read later', async () => {
    const { opened, funded, placed, captured } = given();
    await store(opened, funded, captured('e1'));
    expect(await balances()).toEqual(['5']);

    await store(placed, captured('e1'));
    expect(await balances()).toEqual(['5']);
    expect(await movements()).toBe(1);
    expect(await owner.query('SELECT state FROM audited_withdrawal')).toEqual([
      { state: 'captured' },
    ]);
  });

  it('counts again under another entry, and after a release', async () => {
    const { opened, funded, placed, captured } = given();
    await store(opened, funded, placed, captured('e1'), captured('e2', '1'));
    expect(await balances()).toEqual(['3']);

    const other = given();
    await store(other.opened, other.funded, other.placed, other.released, other.captured('e3'));
    expect(await balances()).toEqual(['3', '5']);
    expect(
      await owner.query(`SELECT FROM audited_withdrawal WHERE state = 'released'`),
    ).toHaveLength(1);
  });

  it('counts once for two holds of an account under one entry', async () => {
    const { accountId, opened, funded, placed, captured } = given();
    const second = { accountId, asset: ASSET, withdrawalId: randomUUID(), amount: '5' };
    const capturedAgain = event('ledger.hold-captured.v1', { ...second, fee: '0', entryId: 'e1' });
    await store(opened, funded, placed, event('ledger.hold-placed.v1', second));
    await store(captured('e1'), capturedAgain);
    expect(await balances()).toEqual(['5']);

    await store(captured('e1'), capturedAgain);
    expect(await balances()).toEqual(['5']);
  });

  it('counts once for two holds under one entry that are read together with their captures', async () => {
    const { accountId, opened, funded, placed, captured } = given();
    const other = () => {
      const of = { accountId, asset: ASSET, withdrawalId: randomUUID(), amount: '5' };
      return [
        event('ledger.hold-placed.v1', of),
        event('ledger.hold-captured.v1', { ...of, fee: '0', entryId: 'e1' }),
      ];
    };
    await store(opened, funded, placed, ...other(), captured('e1'));
    expect(await balances()).toEqual(['5']);
    await store(...other());
    expect(await balances()).toEqual(['5']);
    expect(await owner.query(`SELECT FROM audited_withdrawal WHERE entry_id = 'e1'`)).toHaveLength(
      1,
    );
    expect(await heldAmounts()).toEqual(['0']);
  });

  it.each([
    ['read before', false],
    ['read together with the capture', true],
  ])(
    'counts for the account of the event, whose hold of another account was %s',
    async (_when, isTogether) => {
      const [one, other] = [given(), given()];
      const { accountId } = other;
      const captured = one.captured('e1');
      const wrong = { ...captured, data: { ...captured.data, accountId } } as FollowedEvent;
      const before = [one.opened, one.funded, one.placed, other.opened, other.funded];
      if (!isTogether) await store(...before);
      await store(...(isTogether ? before : []), wrong);

      const rows = await owner.query('SELECT account_id, balance::text FROM audited_account');
      expect(rows).toEqual(
        expect.arrayContaining([
          { account_id: one.accountId, balance: '10' },
          { account_id: accountId, balance: '5' },
        ]),
      );
      expect(await movements()).toBe(1);
    },
  );

  it.each([
    ['after the hold', true],
    ['together with the hold', false],
  ])('counts once in several processes at once, %s', async (_when, isPlaced) => {
    const { opened, funded, placed, captured } = given();
    await store(opened, funded, ...(isPlaced ? [placed] : []));
    const batch = [placed, captured('e1')];
    await Promise.all(Array.from({ length: 8 }, () => store(...batch)));

    expect(await balances()).toEqual(['5']);
    expect(await movements()).toBe(0);
  });

  it('is given back by a reversal, also in the batch of the capture and before the capture', async () => {
    const one = given();
    await store(one.opened, one.funded, one.placed, one.captured('e1'), one.reversed('e1'));
    await store(one.reversed('e1'));
    expect(await balances()).toEqual(['10']);

    const other = given();
    await store(other.opened, other.funded, other.placed, other.reversed('e2'));
    await store(other.captured('e2'));
    expect(await balances()).toEqual(['10', '10']);
  });

  it('stays when the lines of the venue’s fee are taken back, and is given back once beside them', async () => {
    const { opened, funded, placed, captured, reversed } = given();
    await store(opened, funded, placed, captured('e1'), reversed('e1', { lines: 'venue_fee' }));
    expect(await balances()).toEqual(['5']);

    await store(reversed('e1'), reversed('e1', { lines: 'venue_fee' }));
    expect(await balances()).toEqual(['10']);
  });
});

describe('the held amount of an account', () => {
  it('is the sum of its open holds, in whatever batches they begin and end, and marks an account that is short', async () => {
    const one = given();
    await store(one.opened, one.funded, one.placed);
    await store(one.placed);
    expect(await heldAmounts()).toEqual(['5']);
    expect(await owner.query('SELECT FROM short_account')).toEqual([]);
    await store(one.captured('e1'), one.placed);
    await store(one.captured('e1'));
    expect(await heldAmounts()).toEqual(['0']);

    const other = given();
    await store(other.opened, other.placed);
    expect(await owner.query('SELECT FROM short_account')).toHaveLength(1);
    expect(await findings()).toEqual(['hold_without_cover']);
    await store(other.captured('e2'), other.funded);
    expect((await heldAmounts()).toSorted()).toEqual(['0', '0']);
    expect((await checkInvariants(owner, INVARIANTS)).violations).toEqual([]);
    await findings();
    expect(await owner.query('SELECT FROM short_account')).toEqual([]);
  });
});

describe('a negative balance', () => {
  it('is found after a crash before the comparison, once, and its mark ends with a credit', async () => {
    const { opened, funded, placed, captured, accountId } = given();
    await store(opened, funded, placed, captured('e1', '100'));
    // every process has ended: the next comparison knows the database alone
    expect(await findings()).toEqual(['hold_without_cover']);
    expect(await findings()).toEqual(['hold_without_cover']);

    const credit = { accountId, asset: ASSET, amount: '1000', entryId: 'credit' };
    await store(event('ledger.account-funded.v1', credit));
    await findings();
    expect(await owner.query('SELECT FROM short_account')).toEqual([]);
    await store(captured('e2', '2000'));
    expect(await owner.query('SELECT FROM short_account')).toHaveLength(1);
  });

  it('keeps its mark if the comparison that would end the mark runs at the same time', async () => {
    const { opened, funded, captured, accountId } = given();
    await store(opened, funded, captured('e1', '100'));
    const credit = { accountId, asset: ASSET, amount: '1000', entryId: 'credit' };
    await store(event('ledger.account-funded.v1', credit));
    await owner.query(`UPDATE audit_progress SET followed_through = now() + interval '1 hour'`);
    let attempts = 0;
    await inSnapshot(service, async (query) => {
      await query('SELECT FROM audited_account');
      if (++attempts === 1) await store(captured('e2', '2000'));
      return runChecks(query, [], new Date());
    });

    expect(attempts).toBe(2);
    expect(await balances()).toEqual(['-1092']);
    expect(await owner.query('SELECT FROM short_account')).toHaveLength(1);
  });

  it('of an account without a known opening is not judged, and nothing waits for it', async () => {
    const { funded, captured } = given();
    await store(funded, captured('e1', '100'));

    expect(await findings()).toEqual([]);
  });
});
