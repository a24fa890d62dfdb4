import { setTimeout as sleep } from 'node:timers/promises';
import { customerAccount } from '@sluice/ledger-core';
import {
  capture,
  entryOf,
  fund,
  givenAccount,
  givenLedger,
  place,
  release,
  reverse,
  valueOf,
  type TestLedger,
} from '../testkit/given-ledger.js';

describe('queries of the ledger', () => {
  let ledger: TestLedger;
  beforeAll(async () => void (ledger = await givenLedger()));
  afterAll(() => ledger.close());

  /** The present moment, with nothing else in the same millisecond. */
  async function moment(): Promise<string> {
    await sleep(3);
    const time = new Date().toISOString();
    await sleep(3);
    return time;
  }
  const at = async (account: string, time: string, by: 'recorded' | 'effective' = 'recorded') =>
    valueOf(await ledger.queries.balancesAt(account, time, by)).map(
      ({ posted, held, available }) => `${posted} ${held} ${available}`,
    );

  it('know what an account had at each past moment, and what was held of it', async () => {
    const before = await moment();
    const accountId = await givenAccount(ledger, '100');
    const customer = customerAccount(accountId);
    const times: string[] = [await moment()];
    const [paid, failed] = [place(accountId, '60'), place(accountId, '10')];
    for (const step of [paid, failed, release(failed), capture(paid, '50', '1')]) {
      await ledger.run(step);
      times.push(await moment());
    }

    expect(await at(customer, before)).toEqual([]);
    expect(await Promise.all(times.map((time) => at(customer, time)))).toEqual([
      ['100 0 100'],
      ['100 60 40'],
      ['100 70 30'],
      ['100 60 40'],
      ['49 0 49'],
    ]);
    const now = await ledger.queries.balances(accountId);
    expect(valueOf(await ledger.queries.balancesAt(customer, await moment(), 'recorded'))).toEqual(
      now,
    );
  });

  it('distinguish what was booked by a moment from what took effect by it', async () => {
    const accountId = await givenAccount(ledger, '100');
    const late = fund(accountId, '7', 'booked late');
    await ledger.run({
      ...late,
      data: { ...late.data, effectiveAt: '2020-01-01T00:00:00Z' },
    } as typeof late);
    const customer = customerAccount(accountId);

    expect(await at(customer, '2020-06-01T00:00:00Z', 'recorded')).toEqual([]);
    expect(await at(customer, '2020-06-01T00:00:00Z', 'effective')).toEqual(['7 0 7']);
    expect(await at(customer, await moment(), 'effective')).toEqual(['107 0 107']);
  });

  it('fold a shared account up to a moment', async () => {
    const accountId = await givenAccount(ledger, '100');
    const hold = place(accountId, '60');
    const before = await moment();
    const [, captured] = await ledger.run(hold, capture(hold, '50', '1', 'kraken'));
    const between = await moment();
    await ledger.run(reverse(accountId, entryOf(captured)));

    const account = 'clearing:kraken';
    expect([
      await at(account, before),
      await at(account, between),
      await at(account, await moment()),
    ]).toEqual([[], ['50 0 50'], ['0 0 0']]);
  });

  it('page a statement without a gap or a repeat, whatever is booked meanwhile', async () => {
    const accountId = await givenAccount(ledger, '1');
    await ledger.run(...Array.from({ length: 9 }, (_, n) => fund(accountId, '1', `deposit ${n}`)));
    const whole = await ledger.queries.statement(accountId, 500);

    const seen: string[] = [];
    for (let after = undefined; ;) {
      const page = await ledger.queries.statement(accountId, 3, after);
      await ledger.run(fund(accountId, '1', `meanwhile ${seen.length}`));
      seen.push(...page.map((line) => line.entry_id));
      const last = page.at(-1);
      if (!last || page.length < 3) break;
      after = { recordedAt: last.recorded_at, entryId: last.entry_id };
    }

    expect(whole).toHaveLength(10);
    expect(seen).toEqual(whole.map((line) => line.entry_id));
  });

  it('list the holds of one state, newest first, page by page', async () => {
    const accountId = await givenAccount(ledger, '100');
    const holds = Array.from({ length: 5 }, () => place(accountId, '1')).sort((a, b) =>
      a.data.withdrawalId < b.data.withdrawalId ? -1 : 1,
    );
    await ledger.run(...holds, release(holds[2]!));
    const placed = [4, 3, 1, 0].map((n) => holds[n]!.data.withdrawalId);
    const page = async (after?: string) =>
      (await ledger.queries.holds('placed', 3, { accountId, ...(after && { after }) })).map(
        (hold) => hold.withdrawal_id,
      );

    expect(await page()).toEqual(placed.slice(0, 3));
    expect(await page(placed[2])).toEqual(placed.slice(3));
    expect(await ledger.queries.holds('released', 3, { accountId })).toMatchObject([
      { amount: '1', state: 'released', reason: 'proven absent' },
    ]);
  });

  it('find an entry by its id, and both it and what took it back by its withdrawal', async () => {
    const accountId = await givenAccount(ledger, '100');
    const hold = place(accountId, '60');
    const [, captured] = await ledger.run(hold, capture(hold, '50', '1'));
    const [reversed] = await ledger.run(reverse(accountId, entryOf(captured)));

    expect(await ledger.queries.entry(entryOf(reversed))).toMatchObject({
      kind: 'reversal',
      reverses: entryOf(captured),
      reason: 'a mistake',
    });
    expect(
      (await ledger.queries.entriesOf(hold.data.withdrawalId)).map(({ kind }) => kind),
    ).toEqual(['capture', 'reversal']);
    expect(await ledger.queries.entry(hold.data.withdrawalId)).toBeUndefined();
  });
});
