import { randomUUIDv7 } from 'node:crypto';
import fc from 'fast-check';
import { withTestPostgres, type TestPostgres } from '@sluice/stack';
import {
  anyLedgerSteps,
  NaiveLedger,
  STEP_ACCOUNTS,
  STEP_ASSETS,
  type LedgerStep,
} from '@sluice/testing';
import type { Decision } from './decide.js';
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
  let postgres: TestPostgres;
  let ledger: TestLedger;
  beforeAll(async () => {
    postgres = await withTestPostgres();
    ledger = await givenLedger(postgres);
  });
  afterAll(async () => {
    await ledger.close();
    await postgres.stop();
  });

  it('has the events and balances of a naive ledger, in whatever batches it arrives, and leaves a book that is proven', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyLedgerSteps(DUES),
        anySizes,
        anySizes,
        async (steps, sizes, otherSizes) => {
          const [naive, words, others] = [new NaiveLedger(), new NaiveLedgerAdapter(), new NaiveLedgerAdapter()];
          const expected = steps.map((step) => words.answerTo(step, naive.apply(step), naive));

          const [events, sameEvents] = [
            await told(steps, sizes, words),
            await told(steps, otherSizes, others),
          ];

          expect(events).toMatchObject(expected);
          expect(sameEvents).toEqual(events);
          const known = STEP_ACCOUNTS.flatMap((account) =>
            STEP_ASSETS.map((asset) => [account, asset] as const),
          );
          for (const [account, asset] of known) {
            const recounted = `${naive.held(account, asset)} of ${naive.posted(account, asset)}`;
            expect([
              await balance(words, account, asset),
              await balance(others, account, asset),
            ]).toEqual([recounted, recounted]);
          }
        },
      ),
      { numRuns: 30 },
    );

    expect(await faultsOf(ledger)).toEqual([]);
  });

  /** What was said to each step, in the words of the steps. */
  async function told(
    steps: readonly LedgerStep[],
    sizes: readonly number[],
    words: NaiveLedgerAdapter,
  ): Promise<readonly object[]> {
    const decisions: Decision[] = [];
    for (const batch of batchesOf(steps, sizes)) {
      const made = await ledger.applyCommands(
        batch.map((step) => commandOf(words.commandFor(step), randomUUIDv7())),
      );
      made.forEach(({ event }) => words.hear(event));
      decisions.push(...made);
    }
    return decisions.map(({ event }) => words.named(event));
  }

  async function balance(words: NaiveLedgerAdapter, account: string, asset: string): Promise<string> {
    const text = await ledger.balance(words.accountId(account), asset);
    return text === 'none' ? '0 of 0' : text;
  }
});

/** Of these sizes in turn; before a reversal a batch ends, because nobody can name an entry that was not told yet. */
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
