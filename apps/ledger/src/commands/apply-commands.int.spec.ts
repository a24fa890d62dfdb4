import { randomUUID, randomUUIDv7 } from 'node:crypto';
import { checkInvariants } from '../postgres/check-invariants.js';
import {
  BTC,
  capture,
  commandOf,
  fund,
  givenAccount,
  givenLedger,
  ledgerAt,
  openAccount,
  place,
  venueFee,
  withVenueFee,
  type TestLedger,
} from '../testkit/given-ledger.js';

describe('ApplyCommands', () => {
  let ledger: TestLedger;
  beforeEach(async () => void (ledger = await givenLedger()));
  afterEach(async () => {
    const { violations } = await checkInvariants((sql, params) =>
      ledger.database.query(sql, params),
    );
    await ledger.close();
    expect(violations).toEqual([]);
  });

  it('funds or refuses an account that is being opened at the same moment, and never keeps half of it', async () => {
    const openedWhileFunded = async (): Promise<string> => {
      const accountId = randomUUID();
      const funded = async () =>
        (await ledger.run(fund(accountId, '100', 'r'))).some(
          ({ event }) => event.type === 'ledger.account-funded.v1',
        );
      const [, early] = await Promise.all([ledger.run(openAccount(accountId)), funded()]);
      if (!early) expect(await funded()).toBe(true);
      return ledger.balance(accountId);
    };

    for (let round = 0; round < 60; round++)
      expect(await Promise.all([openedWhileFunded(), openedWhileFunded()])).toEqual([
        '0 of 100',
        '0 of 100',
      ]);
  });

  it('applies a batch of 600 commands over 200 accounts and two assets', async () => {
    const accounts = Array.from({ length: 200 }, () => randomUUID() as string);
    await ledger.run(
      ...accounts.flatMap((id) => [
        openAccount(id),
        fund(id, '10', 'usdt'),
        fund(id, '1', 'btc', BTC),
      ]),
    );

    const decisions = await ledger.run(
      ...accounts.flatMap((id) => [
        place(id, '4'),
        place(id, '4'),
        place(id, '0.25', randomUUIDv7(), BTC),
      ]),
    );

    expect(decisions.every(({ refusal }) => refusal === null)).toBe(true);
    expect(await Promise.all(accounts.slice(0, 20).map((id) => ledger.balance(id)))).toEqual(
      Array(20).fill('8 of 10'),
    );
    expect(await ledger.balance(accounts[7]!, BTC)).toBe('0.25 of 1');
  });

  it('places 3 of 50 holds on a hot account that has funds for 3, and remembers the refusals', async () => {
    const accountId = await givenAccount(ledger, '35');
    const holds = Array.from({ length: 50 }, () => place(accountId, '10'));

    const decisions = await ledger.run(...holds);
    await ledger.run(fund(accountId, '1000', 'too late'));
    const again = await ledger.run(...holds);

    expect(decisions.map(({ refusal }) => refusal?.kind ?? 'placed')).toEqual([
      ...Array(3).fill('placed'),
      ...Array(47).fill('insufficient_funds'),
    ]);
    expect(decisions[3]?.event.data).toMatchObject({
      reason: 'insufficient_funds',
      available: '5',
    });
    expect(again.map(({ event }) => event)).toEqual(decisions.map(({ event }) => event));
    expect(await ledger.balance(accountId)).toBe('30 of 1035');
  });

  it('keeps the digest of the order that a hold is for, publishes it with every event, and accepts no second order under the same id', async () => {
    const accountId = await givenAccount(ledger, '35');
    const { type, data } = place(accountId, '10');
    const [digest, other] = ['a'.repeat(64), 'b'.repeat(64)];
    const { withdrawalId } = data;

    const decisions = await ledger.run(
      { type, data: { ...data, digest } },
      { type, data: { ...data, digest: other } },
      { type, data },
      { type, data: { ...data, digest } },
    );
    const [released] = await ledger.run({
      type: 'ledger.release-hold.v1',
      data: { withdrawalId, accountId, reason: 'r' },
    });

    expect(decisions.map(({ event, refusal }) => refusal?.kind ?? event.data)).toEqual([
      { ...data, digest },
      'withdrawal_id_reused',
      'withdrawal_id_reused',
      { ...data, digest },
    ]);
    expect(released?.event.data).toMatchObject({ digest });
  });

  it('shares a hot account between concurrent batches without promising more than it has', async () => {
    const accountId = await givenAccount(ledger, '35');

    const batches = await Promise.all(
      Array.from({ length: 8 }, () =>
        ledger.run(...Array.from({ length: 10 }, () => place(accountId, '1'))),
      ),
    );

    expect(batches.flat().filter(({ refusal }) => refusal === null)).toHaveLength(35);
    expect(await ledger.balance(accountId)).toBe('35 of 35');
  });

  it('needs no inbox row for what the book keeps, answers its repeat alike under the same ids and moves nothing', async () => {
    const accountId = await givenAccount(ledger, '35');
    const hold = place(accountId, '10');
    const commands = [hold, capture(hold, '9', '1'), venueFee(hold, '0.2')].map((body) =>
      commandOf(body),
    );
    const counts = () =>
      Promise.all(
        (['inbox', 'hold', 'journal_entry', 'posting'] as const).map((table) =>
          ledger.count(table),
        ),
      );
    const ids = () => ledger.messages().map(({ headers }) => headers['ce_id']);
    const [claims] = await counts();

    const first = await ledger.applyCommands.apply(commands);
    const [after, firstIds] = [await counts(), ids().slice(-3)];
    const again = await ledger.applyCommands.apply([...commands, ...commands]);

    expect(after[0]).toBe(claims);
    expect(await counts()).toEqual(after);
    expect(ids().slice(-3)).toEqual(firstIds);
    expect(new Set(firstIds).size).toBe(3);
    expect(again.map(({ refusal }) => refusal)).toEqual([null, null, null]);
    expect(again.slice(1).map(({ event }) => event)).toEqual(
      first.slice(1).map(({ event }) => event),
    );
    expect(await ledger.balance(accountId)).toBe('0 of 25');
  });

  it('never executes a refused command later, and halts the book once for a refused capture', async () => {
    const accountId = await givenAccount(ledger, '35');
    const hold = place(accountId, '10');
    const refused = [commandOf(venueFee(hold, '0.2')), commandOf(capture(hold, '10'))];
    const halts = async () => (await ledger.database.query('SELECT FROM book_halt')).length;

    const first = await ledger.applyCommands.apply(refused);
    await ledger.run(hold, capture(hold, '10'));
    const again = await Promise.all(refused.map((one) => ledger.applyCommands.apply([one])));

    expect(first.map(({ refusal }) => refusal?.kind)).toEqual(['hold_not_found', 'hold_not_found']);
    expect([await halts(), again]).toEqual([1, [[], []]]);
  });

  it('decides a command of two consumers at the same moment once', async () => {
    const accountId = await givenAccount(ledger, '1000');
    for (let round = 0; round < 10; round++) {
      const hold = place(accountId, '10');
      const early = commandOf(capture(hold, '10'));
      const commands = [early, commandOf(hold), commandOf(capture(hold, '10'))];
      await Promise.all([
        ledger.applyCommands.apply(commands),
        ledger.applyCommands.apply(commands),
      ]);
    }

    expect(await ledger.balance(accountId)).toBe('0 of 900');
    expect(await ledger.count('hold')).toBe(10);
  });

  it('books the venue’s fee of a capture once, also with the command of an older sender and of two consumers at the same moment', async () => {
    const accountId = await givenAccount(ledger, '1000');
    for (let round = 0; round < 10; round++) {
      const hold = place(accountId, '10');
      await ledger.run(hold);
      const paid = () => commandOf(withVenueFee(capture(hold, '9', '1'), '0.2'));
      const [first, older] = [paid(), commandOf(venueFee(hold, '0.2'))];
      await Promise.all([
        ledger.applyCommands.apply([first, older]),
        ledger.applyCommands.apply([first, first]),
        ledger.applyCommands.apply([paid(), older]),
      ]);
    }

    const fees = await ledger.database.query(
      `SELECT count(*)::int AS entries, sum(amount)::text AS sum FROM posting WHERE account LIKE 'venue-fee:%'`,
    );
    expect(fees).toEqual([{ entries: 10, sum: '-2.0' }]);
    expect(await ledger.balance(accountId)).toBe('0 of 900');
    expect(await ledger.count('entry_key')).toBe(1); // of the funding
    expect(await ledger.count('journal_entry')).toBe(11);
  });

  it('books no fee with a repeated capture, and names the fee of the withdrawal only if it is the same', async () => {
    const accountId = await givenAccount(ledger, '100');
    const hold = place(accountId, '10');
    const feeIn = async (fee: string) => {
      const [decision] = await ledger.run(withVenueFee(capture(hold, '10'), fee));
      return decision?.event.data;
    };
    await ledger.run(hold, capture(hold, '10'));
    expect(await feeIn('0.2')).not.toHaveProperty('venueFee'); // the first capture had no fee
    await ledger.run(venueFee(hold, '0.3'));

    expect(await feeIn('0.2')).not.toHaveProperty('venueFee');
    expect(await feeIn('0.3')).toMatchObject({ venueFee: '0.3' });
    expect(await ledger.count('journal_entry')).toBe(3);
  });

  it('lets several first fundings of one asset arrive at once', async () => {
    const accountId = randomUUID();
    await ledger.run(openAccount(accountId));

    await Promise.all(
      Array.from({ length: 12 }, (_, n) => ledger.run(fund(accountId, '1', `deposit ${n % 6}`))),
    );

    expect(await ledger.balance(accountId)).toBe('0 of 6');
    expect(await ledger.count('journal_entry')).toBe(6);
  });

  it('places one hold when two transactions race for the same withdrawal on different accounts', async () => {
    const accounts = await Promise.all(Array.from({ length: 4 }, () => givenAccount(ledger, '10')));
    const withdrawalId = randomUUIDv7();

    const decisions = (
      await Promise.all(accounts.map((id) => ledger.run(place(id, '10', withdrawalId))))
    ).flat();

    expect(decisions.map(({ refusal }) => refusal?.kind ?? 'placed').sort()).toEqual([
      'placed',
      ...Array(3).fill('withdrawal_id_reused'),
    ]);
  });

  it('ties each event to its command and keeps the trace', async () => {
    const accountId = await givenAccount(ledger, '10');
    const command = {
      ...commandOf(place(accountId, '1')),
      traceparent: '00-a-b-01',
      correlationId: 'request-7',
    };

    await ledger.applyCommands.apply([command]);

    expect(ledger.messages().at(-1)).toMatchObject({
      topic: 'ledger.events',
      key: accountId,
      headers: {
        ce_causationid: command.id,
        ce_correlationid: 'request-7',
        traceparent: '00-a-b-01',
      },
    });
  });

  it('publishes nothing of an account before what another instance has decided for it and not published yet', async () => {
    const [moved, other] = [await givenAccount(ledger, '100'), randomUUID()];
    const successor = await ledgerAt(ledger.url);

    await successor.run(place(moved, '1'));
    await successor.run(openAccount(other));

    expect(successor.publishableAtOnce()).toEqual([false, true]);
    await successor.close();
  });
});
