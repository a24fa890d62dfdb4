import {
  fund,
  givenAccount,
  givenLedger,
  idAt,
  place,
  type TestLedger,
} from '../testkit/given-ledger.js';
import { foldPostings } from './balances-at.js';
import { HIGHEST_ID, LOWEST_ID, idRanges, type Query } from './id-ranges.js';

describe('id ranges of a bounded number of rows', () => {
  let ledger: TestLedger;
  let query: Query;
  beforeAll(async () => {
    ledger = await givenLedger();
    query = (sql, params) => ledger.database.query(sql, params);
  });
  afterAll(() => ledger.close());

  it('cover all ids, those of every partition and those between rows, each once', async () => {
    const accountId = await givenAccount(ledger, '1');
    for (const [n, month] of ['2026-09', '2026-12', '2027-02'].entries()) {
      await ledger.runAt(
        new Date(`${month}-15T00:00:00Z`),
        fund(accountId, '1', `${n} a`),
        fund(accountId, '1', `${n} b`),
      );
    }

    const ranges = await idRanges(query, 'journal_entry', 'id', 2);

    expect(ranges).toHaveLength(4);
    expect([ranges[0]?.from, ranges.at(-1)?.to]).toEqual([LOWEST_ID, HIGHEST_ID]);
    expect(ranges.slice(1).map(({ from }) => from)).toEqual(
      ranges.slice(0, -1).map(({ to }) => to),
    );
    expect(await foldPostings(query, ranges)).toEqual(
      await foldPostings(query, [{ from: LOWEST_ID, to: HIGHEST_ID }]),
    );
  });

  it('are one where there is nothing, and as many as there is work', async () => {
    expect(await idRanges(query, 'hold', 'withdrawal_id')).toEqual([
      { from: LOWEST_ID, to: HIGHEST_ID },
    ]);

    const accountId = await givenAccount(ledger, '100');
    await ledger.run(
      ...Array.from({ length: 5 }, (_, n) =>
        place(accountId, '1', idAt(new Date(Date.UTC(2026, 9, n + 1)))),
      ),
    );
    expect(await idRanges(query, 'hold', 'withdrawal_id', 2)).toHaveLength(3);
  });
});
