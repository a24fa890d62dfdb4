import { setTimeout as sleep } from 'node:timers/promises';
import { eventually, type SimulatorControl } from '@sluice/test-kit';
import type { ConnectorUnderTest, ContractOrder } from './venue-adapter-contract.js';

/** Other values of fields of a record, as JSON source text by field; an empty text is a missing field. */
type ChangedFields = Readonly<Record<string, string>>;

/** The venue's rows of a form, as far as the contract suite rewrites them. */
export interface ContractRecord {
  /** Fields of the id and of the time. */
  readonly id: string;
  readonly time: string;
  /** The same record in other spellings: case, aliases, exponents, and the other JSON type. */
  rewritten(amount: string): ChangedFields;
  /** A name that no table has: the comparison cannot tell whose payment the record is. */
  readonly unclear: ChangedFields;
  /** A failure and a transaction in one record; undefined for a form without transactions. */
  readonly failedWithTransaction?: ChangedFields;
  /** A fee that was raised after the order, without a change of the debited amount. */
  readonly raisedFee?: ChangedFields;
}

const PATIENCE = { withinMs: 15_000 };

interface RecordsUnderTest {
  readonly record: ContractRecord;
  /** A repeated key returns the first result: no list decides about a lost response. */
  readonly replays: boolean;
  readonly searchable: boolean;
  readonly resendWouldShowWithinMs: number;
  simulator(): SimulatorControl;
  connector(): ConnectorUnderTest;
  given(): Promise<ContractOrder>;
  /** The next submit is accepted and its response lost. */
  loseAnswer(): Promise<void>;
  /** The next submit is accepted and refused in the answer; undefined if the venue never refuses so. */
  readonly refuseFalsely: (() => Promise<void>) | undefined;
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

  const eventOf = ({ withdrawalId }: ContractOrder, name: string) =>
    under
      .connector()
      .events(withdrawalId)
      .find(({ type }) => type === `venue.${name}.v1`);

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

      const submission = await under.connector().submission(order.withdrawalId);
      expect(['unknown', 'undecided']).toContain(submission?.state);
      expect(await under.payments(order)).toHaveLength(1);
      await under.simulator().settings({ record_changes: [] });
      await under.expectPaidOnce(order);
    });

  const { refuseFalsely } = under;
  if (refuseFalsely && !under.searchable && !under.replays)
    it('a false refusal beside a record with an unknown name ends nothing, even if the venue lists the record no longer: the order waits, and is found once the record can be read', async () => {
      const order = await under.given();
      await change(order, record.unclear);
      await refuseFalsely();

      await under.connector().submit([order]);
      await eventually(async () => {
        const submission = await under.connector().submission(order.withdrawalId);
        expect(submission?.empty_lookups).toBeGreaterThan(0);
      }, PATIENCE);
      await under.simulator().settings({ listing_delay_ms: 86_400_000 });
      await eventually(async () => {
        const submission = await under.connector().submission(order.withdrawalId);
        expect(submission?.state).toBe('undecided'); // a person decides, and no proof of absence
      }, PATIENCE);
      await sleep(under.resendWouldShowWithinMs);

      expect(eventOf(order, 'submission-refused')).toBeUndefined();
      await under.simulator().settings({ record_changes: [], listing_delay_ms: 0 });
      await under.expectPaidOnce(order);
      expect(await under.connector().takeBreaks()).toEqual([]);
    });

  /** The order ends as a dispute with one case, and no other order waits. */
  const expectOnlyDisputed = async (order: ContractOrder, kind: string): Promise<void> => {
    await eventually(
      async () =>
        expect(await under.connector().submission(order.withdrawalId)).toMatchObject({
          state: 'disputed',
          cases: [{ kind }],
        }),
      PATIENCE,
    );
    expect(await under.connector().takeBreaks()).toEqual([]);
    const other = await under.given();
    await under.connector().submit([other]);
    await under.expectPaidOnce(other);
  };

  it('a payment with an unknown name waits for a person, and stops no other order', async () => {
    const order = await under.given();
    await change(order, record.unclear);

    await under.connector().submit([order]);

    await expectOnlyDisputed(order, 'cannot_tell');
  });

  const { failedWithTransaction, raisedFee } = record;
  if (failedWithTransaction)
    it('a failed record with a transaction releases nothing', async () => {
      const order = await under.given();
      await change(order, failedWithTransaction);

      await under.connector().submit([order]);

      await expectOnlyDisputed(order, 'failed_with_transaction');
    });

  if (raisedFee)
    it('a fee raised between order and payment settles the order without a halt', async () => {
      const order = await under.given();
      await change(order, raisedFee);

      await under.connector().submit([order]);

      await under.expectPaidOnce(order);
      expect(await casesOf(order)).toEqual([]);
      expect(await under.connector().takeBreaks()).toEqual([]);
      expect(eventOf(order, 'withdrawal-settled')?.data).toHaveProperty('received');
    });
}
