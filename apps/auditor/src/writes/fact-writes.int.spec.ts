import { type Database, Outbox, UnitOfWork, type Tx } from '@sluice/postgres';
import { givenAuditor } from '../testkit/given-auditor.js';
import { ledgerFacts } from './ledger-facts.js';
import { FactWrites } from './fact-writes.js';

const ACCOUNT = '0d6f1c1e-5b0a-4f0e-9f63-2f5a6c2f7b1';

describe('batches that arrive together', () => {
  let owner: Database;
  let service: Database;
  let writes: FactWrites;
  beforeEach(async () => {
    ({ owner, service } = await givenAuditor());
    writes = new FactWrites(new UnitOfWork(service, 'auditor', new Outbox(service)));
  });
  afterEach(() => Promise.all([owner.close(), service.close()]));

  const opening = (last: number) => (tx: Tx) =>
    tx.query('INSERT INTO audited_opening (account_id) VALUES ($1)', [`${ACCOUNT}${last}`]);
  const poison = async (tx: Tx): Promise<never> => {
    await tx.query('SELECT 1 / 0');
    throw new Error('not reached');
  };
  const transactions = async (): Promise<number> =>
    (await service.query('SELECT DISTINCT xmin::text FROM audited_opening')).length;

  it('are stored in one transaction', async () => {
    await Promise.all([writes.add(opening(1)), writes.add(opening(2)), writes.add(opening(3))]);
    expect(await transactions()).toBe(1);

    await writes.add(opening(4));
    expect(await transactions()).toBe(2);
  });

  it('have their facts stored together, and without those of a batch with a fault', async () => {
    const of = (last: number) => ({
      ledger: { ...ledgerFacts([]), openings: [`${ACCOUNT}${last}`] },
    });
    const seen: number[] = [];
    const look = async (tx: Tx) =>
      void seen.push((await tx.query('SELECT FROM audited_opening')).length);
    await Promise.all([writes.add(look, of(1)), writes.add(look, of(2))]);
    expect(seen).toEqual([2, 2]);

    await Promise.allSettled([writes.add(poison, of(3)), writes.add(look, of(4))]);
    expect(await service.query('SELECT FROM audited_opening')).toHaveLength(3);
  });

  it('are stored without the batch that has a fault, and only its reader learns of the fault', async () => {
    const outcomes = await Promise.allSettled([
      writes.add(opening(1)),
      writes.add(poison),
      writes.add(opening(2)),
    ]);

    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await service.query('SELECT FROM audited_opening')).toHaveLength(2);
  });
});
