import { randomUUIDv7 } from 'node:crypto';
import type { Tx, UnitOfWork } from '@sluice/postgres';
import { SECRETS } from './testkit/test-authority.js';
import { ApplyCommands } from './commands/apply-commands.js';
import { checkInvariants } from './postgres/check-invariants.js';
import {
  rulesWith,
  BTC,
  commandOf,
  fund,
  givenAccount,
  givenLedger,
  place,
  type TestLedger,
} from './testkit/given-ledger.js';

/** Takes one safeguard away; the rest stays as it is. */
interface Ablation {
  readonly rewrite?: (sql: string) => string;
  readonly keepAll?: boolean;
}

/** Each safeguard is needed: what it prevents happens at once when it alone is missing. */
describe('without', () => {
  let ledger: TestLedger;
  beforeEach(async () => void (ledger = await givenLedger()));
  afterEach(() => ledger.close());

  const NOTHING_MISSING: Ablation = {};
  const violated = async () =>
    (await checkInvariants((sql, params) => ledger.database.query(sql, params))).violations.map(
      ({ invariant }) => invariant.split(':')[0],
    );

  const fundings = () =>
    ledger.published().filter((type) => type === 'ledger.account-funded.v1').length;

  it.each([
    ['nothing, a message delivered twice publishes one event', NOTHING_MISSING, 1],
    ['the inbox claim, a message delivered twice publishes two events', { keepAll: true }, 2],
  ])('%s', async (_what, ablation, events) => {
    const accountId = await givenAccount(ledger, '100');
    const [commands, command] = [
      applyWithout(ablation, ledger),
      commandOf(fund(accountId, '60', 'second deposit')),
    ];
    const before = fundings();

    await commands.apply([command]);
    await commands.apply([command]);

    expect(fundings() - before).toBe(events);
  });

  it.each([
    ['nothing, batches on one account keep its balance', NOTHING_MISSING, []],
    [
      'the row lock, batches on one account overwrite its balance',
      { rewrite: (sql: string) => sql.replace('FOR UPDATE OF b', '') },
      ['held-is-sum-of-placed-holds'],
    ],
  ])('%s', async (_what, ablation, expected) => {
    const accountId = await givenAccount(ledger, '1000');
    const commands = applyWithout(ablation, ledger);

    await Promise.all(
      Array.from({ length: 24 }, () => commands.apply([commandOf(place(accountId, '1'))])),
    );

    expect(await violated()).toEqual(expected);
  });

  it.each([
    ['nothing, one reference funds an account once, in whatever asset', false, []],
    [
      'the unique key, one reference funds an account twice',
      true,
      ['each-business-key-is-used-once'],
    ],
  ])('%s', async (_what, dropped, expected) => {
    const accountId = await givenAccount(ledger, '1');
    await ledger.run(fund(accountId, '1', 'first of the other asset', BTC));
    if (dropped) await ledger.database.query('ALTER TABLE entry_key DROP CONSTRAINT entry_once');

    await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        ledger.run(fund(accountId, '1', `race ${n >> 1}`, n % 2 === 0 ? 'USDT.ETH' : BTC)),
      ),
    );

    expect(await violated()).toEqual(expected);
  });

  it.each([
    ['nothing, two accounts that race for a withdrawal have one hold', false, []],
    [
      'the unique key of holds, two accounts that race for a withdrawal have a hold each',
      true,
      ['one-hold-per-withdrawal'],
    ],
  ])('%s', async (_what, dropped, expected) => {
    const accounts = [await givenAccount(ledger, '100'), await givenAccount(ledger, '100')];
    if (dropped) await ledger.database.query('ALTER TABLE hold DROP CONSTRAINT hold_pkey');

    for (let race = 0; race < 10; race++) {
      const withdrawalId = randomUUIDv7();
      await Promise.all(
        accounts.map((accountId) => ledger.run(place(accountId, '1', withdrawalId))),
      );
    }

    expect(await violated()).toEqual(expected);
  });

  it('the triggers of the journal, money appears from nowhere', async () => {
    await givenAccount(ledger, '1');
    const damage = 'UPDATE journal_entry SET amounts[1] = 1000';

    await expect(ledger.database.query(damage)).rejects.toThrow('the journal only grows');
    await ledger.database.query('ALTER TABLE journal_entry DISABLE TRIGGER USER');
    await expect(ledger.database.query(damage)).rejects.toThrow('entry_balances');
    await ledger.database.query('ALTER TABLE journal_entry DROP CONSTRAINT entry_balances');
    await ledger.database.query(damage);

    expect(await violated()).toEqual([
      'each-business-key-is-used-once',
      'each-entry-balances',
      'posted-is-sum-of-postings',
      'whole-book-balances',
    ]);
  });

  it('the CHECK, more is held than is posted', async () => {
    await givenAccount(ledger, '1');
    const damage = 'UPDATE balance SET held = posted + 1';

    await expect(ledger.database.query(damage)).rejects.toThrow('balance_covers_holds');
    await ledger.database.query('ALTER TABLE balance DROP CONSTRAINT balance_covers_holds');
    await ledger.database.query(damage);

    expect(await violated()).toEqual([
      'held-is-between-zero-and-posted',
      'held-is-sum-of-placed-holds',
    ]);
  });
});

function applyWithout(
  { rewrite = (sql) => sql, keepAll }: Ablation,
  { unitOfWork }: TestLedger,
): ApplyCommands {
  const without = (tx: Tx): Tx => ({
    query: (sql, params) => tx.query(rewrite(sql), params),
    repository: (entity) => tx.repository(entity),
    now: () => tx.now(),
    claimInbox: async (batch) => (keepAll ? batch : tx.claimInbox(batch)),
    unclaimed: (batch) => tx.unclaimed(batch),
    require: (check) => tx.require(check),
    publish: (...messages) => tx.publish(...messages),
  });
  const ablated: Pick<UnitOfWork, 'run'> = {
    run: (work) => unitOfWork.run((tx) => work(without(tx))),
  };
  return new ApplyCommands(
    ablated,
    { now: () => new Date(), newId: randomUUIDv7 },
    rulesWith(),
    SECRETS.keys,
  );
}
