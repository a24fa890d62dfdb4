import { randomUUIDv7 } from 'node:crypto';
import fc from 'fast-check';
import {
  anyLedgerSteps,
  NaiveLedger,
  STEP_ACCOUNTS,
  STEP_ASSETS,
  type LedgerStep,
} from '@sluice/ledger-core/testing';
import type { CommandDecision } from './commands/decision.js';
import { commandOf, faultsOf, givenLedger, type TestLedger } from './testkit/given-ledger.js';
import { NaiveLedgerAdapter } from './testkit/naive-ledger-adapter.js';

/** Due at once, or not within a test: a batch has one time, so with other dues its size would matter. */
const DUES = [0, 1, 1_000_000];
const anySizes = fc.array(fc.integer({ min: 1, max: 20 }), {
  minLength: 1,
  maxLength: 60,
  size: 'max',
});

describe('any sequence of commands over PostgreSQL', () => {
  let ledger: TestLedger;
  beforeAll(async () => void (ledger = await givenLedger()));
  afterAll(() => ledger.close());

  it('has the events and balances of a naive ledger, in whatever batches it arrives, and leaves a book that is proven', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyLedgerSteps(DUES),
        anySizes,
        anySizes,
        async (steps, sizes, otherSizes) => {
          const [naive, adapter, others] = [
            new NaiveLedger(),
            new NaiveLedgerAdapter(),
            new NaiveLedgerAdapter(),
          ];
          const expected = steps.map((step) =>
            adapter.expectedEvent(step, naive.apply(step), naive),
          );

          const [events, sameEvents] = [
            await eventsOf(steps, sizes, adapter),
            await eventsOf(steps, otherSizes, others),
          ];

          expect(events).toMatchObject(expected);
          expect(events.filter(hasVenueFee)).toHaveLength(expected.filter(hasVenueFee).length);
          expect(sameEvents).toEqual(events);
          const known = STEP_ACCOUNTS.flatMap((account) =>
            STEP_ASSETS.map((asset) => [account, asset] as const),
          );
          for (const [account, asset] of known) {
            const recounted = `${naive.held(account, asset)} of ${naive.posted(account, asset)}`;
            expect([
              await balance(adapter, account, asset),
              await balance(others, account, asset),
            ]).toEqual([recounted, recounted]);
          }
        },
      ),
      { numRuns: 30 },
    );

    expect(await faultsOf(ledger)).toEqual([]);
  });

  /** The event of each step, with the steps' names in place of ids. */
  async function eventsOf(
    steps: readonly LedgerStep[],
    sizes: readonly number[],
    adapter: NaiveLedgerAdapter,
  ): Promise<readonly object[]> {
    const decisions: CommandDecision[] = [];
    for (const batch of batchesOf(steps, sizes)) {
      const made = await ledger.applyCommands.apply(
        batch.map((step) => commandOf(adapter.commandFor(step), randomUUIDv7())),
      );
      made.forEach(({ event }) => adapter.recordEntry(event));
      decisions.push(...made);
    }
    return decisions.map(({ event }) => adapter.eventWithNames(event));
  }

  async function balance(
    adapter: NaiveLedgerAdapter,
    account: string,
    asset: string,
  ): Promise<string> {
    const text = await ledger.balance(adapter.accountId(account), asset);
    return text === 'none' ? '0 of 0' : text;
  }
});

function hasVenueFee(event: object): boolean {
  return 'data' in event && Object.hasOwn(event.data as object, 'venueFee');
}

/** Of these sizes in turn; before a reversal a batch ends, because its entry's id is known only from an earlier batch's events. */
function batchesOf(
  steps: readonly LedgerStep[],
  sizes: readonly number[],
): readonly (readonly LedgerStep[])[] {
  const batches: LedgerStep[][] = [[]];
  for (const step of steps) {
    const batch = batches.at(-1) ?? [];
    const isFull = batch.length >= (sizes[(batches.length - 1) % sizes.length] ?? 1);
    if (batch.length > 0 && (isFull || step.do === 'reverse')) batches.push([step]);
    else batch.push(step);
  }
  return batches;
}
