import { setTimeout as sleep } from 'node:timers/promises';
import type { SimulatorControl } from '@sluice/test-kit';
import type { ConnectorUnderTest, ContractOrder } from './venue-adapter-contract.js';

/** Other values of fields of a record, as JSON source text by field; an empty text is a missing field. */
type ChangedFields = Readonly<Record<string, string>>;

/** The venue's rows of a form, as far as the contract suite rewrites them. */
export interface ContractRecord {
  /** Fields of the id and of the time. */
  readonly id: string;
  readonly time: string;
  /**
   * The same record written otherwise: each name in another case or by an alias, each number with an
   * exponent or as the other JSON type, each code as the other JSON type.
   */
  rewritten(amount: string): ChangedFields;
}

interface RecordsUnderTest {
  readonly record: ContractRecord;
  /** A repeated key returns the first result: no list decides about a lost response. */
  readonly replays: boolean;
  readonly resendWouldShowWithinMs: number;
  simulator(): SimulatorControl;
  connector(): ConnectorUnderTest;
  given(): Promise<ContractOrder>;
  /** The next submit is accepted and its response lost. */
  loseAnswer(): Promise<void>;
  ended(order: ContractOrder, type: string): Promise<void>;
  expectPaidOnce(order: ContractOrder): Promise<void>;
  payments(order: ContractOrder): Promise<readonly object[]>;
}

/** Rows that are written otherwise than in the venue's documents, or that cannot be read. */
export function describeRecords(under: RecordsUnderTest): void {
  const { record } = under;
  const change = ({ amount }: ContractOrder, fields: ChangedFields): Promise<void> =>
    under.simulator().settings({ record_changes: [{ net_amount: amount, fields }] });
  const casesOf = async ({ withdrawalId }: ContractOrder): Promise<string[] | undefined> =>
    (await under.connector().submission(withdrawalId))?.cases.map(({ kind }) => kind);

  afterEach(() => under.simulator().settings({ record_changes: [] }));

  it('a record with other spellings of names, numbers, codes and times is the same record', async () => {
    const order = await under.given();
    await change(order, record.rewritten(order.amount));
    await under.loseAnswer();

    await under.connector().submit([order]);

    await under.ended(order, 'submission-unknown');
    await under.expectPaidOnce(order);
    expect(await casesOf(order)).toEqual([]);
  });

  it('a row without readable time is one case: its order is confirmed by the id, and other orders as well', async () => {
    const [odd, other] = [await under.given(), await under.given()];
    await change(odd, { [record.time]: '"0"' });

    await under.connector().submit([odd, other]);

    await under.expectPaidOnce(other);
    await under.expectPaidOnce(odd);
    expect(await casesOf(odd)).toEqual(['unreadable_record']);
    expect(await casesOf(other)).toEqual([]);
  });

  if (!under.replays)
    it('a row without readable id proves no absence: the order waits, and is found once the row can be read', async () => {
      const order = await under.given();
      await change(order, { [record.id]: 'null' });
      await under.loseAnswer();

      await under.connector().submit([order]);
      await under.ended(order, 'submission-unknown');
      await sleep(under.resendWouldShowWithinMs);

      expect((await under.connector().submission(order.withdrawalId))?.state).toBe('unknown');
      expect(await under.payments(order)).toHaveLength(1);
      await under.simulator().settings({ record_changes: [] });
      await under.expectPaidOnce(order);
    });
}
