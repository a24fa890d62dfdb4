import { testDatabase } from '@sluice/test-servers';
import { anOrder } from './testkit/a-withdrawal.js';
import { givenAccount, givenInstance, type TestInstance } from './testkit/given-intake.js';
import { placeOrder } from './testkit/given-saga.js';

describe('intake on a database that was put back to an earlier moment', () => {
  let accountId: string;
  let before: TestInstance;
  let after: TestInstance;
  beforeAll(async () => {
    const url = await testDatabase('intake');
    const first = await givenInstance(url);
    accountId = await givenAccount(first.database);
    await place(first, ['early']);
    await first.close();
    const backup = await givenInstance(await testDatabase('elsewhere'));
    await backup.database.query(
      `CREATE DATABASE restored TEMPLATE "${new URL(url).pathname.slice(1)}"`,
    );
    await backup.close();
    before = await givenInstance(url);
    after = await givenInstance(Object.assign(new URL(url), { pathname: '/restored' }).href);
  });
  afterAll(() => Promise.all([before, after].map((instance) => instance.close())));

  /** Numbers and references at the venue, by the client's reference. */
  async function place(
    { database, unitOfWork }: TestInstance,
    references: readonly string[],
  ): Promise<Map<string, { number: string; at: string }>> {
    for (const clientReference of references)
      await placeOrder({ unitOfWork }, anOrder({ accountId, clientReference }));
    const rows = await database.query<{ name: string; number: string; at: string }>(
      'SELECT client_reference AS name, number::text, venue_client_reference AS at FROM withdrawal WHERE client_reference = ANY ($1::text[])',
      [references],
    );
    return new Map(rows.map(({ name, ...row }) => [name, row]));
  }
  const names = Array.from({ length: 50 }, (_, n) => `lost ${n}`);

  it('gives no number again, and leads a client that repeats its references to the same ones at the venue', async () => {
    const lost = await place(before, names);
    const repeated = await place(after, names.toReversed());

    expect(new Set([...lost.values(), ...repeated.values()].map(({ number }) => number)).size).toBe(
      100,
    );
    expect(names.map((name) => repeated.get(name)?.at)).toEqual(
      names.map((name) => lost.get(name)?.at),
    );
  });

  it('gives numbers that grow, that are exact everywhere, and that are never the same for a thousand at once', async () => {
    const earlier = [...(await place(after, ['one more'])).values()].map(({ number }) =>
      Number(number),
    );
    const placed = await Promise.all(
      Array.from({ length: 1_000 }, () => placeOrder(after, anOrder({ accountId }))),
    );
    const numbers = placed.map(({ stored }) => Number(stored.number));

    expect(new Set(numbers).size).toBe(1_000);
    expect(Math.min(...numbers)).toBeGreaterThan(Math.max(...earlier));
    expect(numbers.every(Number.isSafeInteger)).toBe(true);
  });
});
