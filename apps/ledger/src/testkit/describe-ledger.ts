import { randomUUIDv7 } from 'node:crypto';
import type { OrderedCommand, LedgerEvent } from '../wire/ledger-command.js';
import { isClaimedFirst } from '../commands/decide-again.js';
import { commandOf, USDT } from './given-ledger.js';
import { EIGHT, eventLine, type Scenario, ScenarioIds, type ScenarioStep } from './scenario.js';
import { GAS } from './gas-scenarios.js';
import { LIFECYCLE } from './lifecycle-scenarios.js';
import { RETURNS } from './return-scenarios.js';
import { REFUSALS } from './refusal-scenarios.js';

const SCENARIOS: readonly Scenario[] = [...LIFECYCLE, ...REFUSALS, ...GAS, ...RETURNS];

export interface LedgerUnderTest {
  /** Decides a batch and returns the events. A repeat is dropped or has its first outcome again. */
  apply(batch: readonly OrderedCommand[]): Promise<readonly LedgerEvent[]>;
  /** `held of posted`. */
  balance(accountId: string, asset: string): Promise<string>;
  /** `account amount` of each line of an entry. */
  postings(entryId: string): Promise<readonly string[]>;
  /** Returns the violated rules of the whole book. */
  faults(): Promise<readonly unknown[]>;
  close(): Promise<void>;
}

/** Suite for every ledger implementation. Scenarios use separate accounts of one ledger. */
export function describeLedger(
  name: string,
  makeLedger: (now: () => Date) => Promise<LedgerUnderTest>,
): void {
  describe(name, () => {
    let ledger: LedgerUnderTest;
    let at = EIGHT;
    beforeAll(async () => void (ledger = await makeLedger(() => new Date(at))));
    beforeEach(() => void (at = EIGHT));
    afterAll(async () => {
      const faults = await ledger.faults();
      await ledger.close();
      expect(faults).toEqual([]);
    });

    describe.each(SCENARIOS.map((scenario) => [scenario.rule, scenario] as const))(
      '%s',
      (_rule, scenario) => {
        it('message by message; delivered or sent again, each has its first outcome and moves nothing', async () => {
          const ids = new ScenarioIds();
          const sent: [ScenarioStep, OrderedCommand][] = [];
          for (const step of scenario.steps)
            for (const command of await play([step], ids, 1)) sent.push([step, command]);
          expect(await bookOf(scenario, ids)).toEqual(expectedBook(scenario));

          for (const [{ says, saysAtTheEnd = says }, command] of sent.toReversed()) {
            const again = await ledger.apply([command]);
            expect([[], [saysAtTheEnd]]).toContainEqual(
              again.map((event) => eventLine(event, ids)),
            );
            if (isClaimedFirst(command) || says.startsWith('refused')) expect(again).toEqual([]);
          }
          const done = scenario.steps.filter(({ says }) => !says.startsWith('refused'));
          for (const step of done.toReversed())
            await play([{ ...step, says: step.saysAtTheEnd ?? step.says }], ids, 1);

          expect(await bookOf(scenario, ids)).toEqual(expectedBook(scenario));
        });

        it('in few batches, with each message twice', async () => {
          const ids = new ScenarioIds();

          for (const batch of batchesOf(scenario.steps)) await play(batch, ids, 2);

          expect(await bookOf(scenario, ids)).toEqual(expectedBook(scenario));
        });
      },
    );

    async function play(
      steps: readonly ScenarioStep[],
      ids: ScenarioIds,
      deliveries: 1 | 2,
    ): Promise<readonly OrderedCommand[]> {
      at = steps[0]?.at ?? at;
      const messages = steps.map(({ send }) => commandOf(ids.withIds(send), randomUUIDv7()));
      const events = await ledger.apply(
        deliveries === 1 ? messages : messages.flatMap((message) => [message, message]),
      );
      expect(events.map((event) => eventLine(event, ids))).toEqual(steps.map(({ says }) => says));
      return messages;
    }

    async function bookOf({ ends, books = {} }: Scenario, ids: ScenarioIds): Promise<object> {
      const balances = Object.keys(ends).map(async (key) => {
        const [account = '', asset = USDT] = key.split(' ');
        return [key, await ledger.balance(ids.idOf(account), asset)] as const;
      });
      const entries = Object.keys(books).map(async (entry) => {
        const lines = await ledger.postings(ids.idOf(entry));
        return [entry, lines.map((line) => ids.withNames(line))] as const;
      });
      return {
        ends: Object.fromEntries(await Promise.all(balances)),
        books: Object.fromEntries(await Promise.all(entries)),
      };
    }
  });
}

function expectedBook({ ends, books = {} }: Scenario): object {
  return { ends, books };
}

/** Fewest batches: each ends at a change of time, or before a step naming an entry of the batch. */
function batchesOf(steps: readonly ScenarioStep[]): readonly (readonly ScenarioStep[])[] {
  const batches: ScenarioStep[][] = [[]];
  for (const step of steps) {
    const batch = batches.at(-1) ?? [];
    const { send } = step;
    const waits =
      send.type === 'ledger.reverse-entry.v1' &&
      batch.some(({ says }) => says.endsWith(send.data.entryId));
    if (step.at !== undefined || waits) batches.push([step]);
    else batch.push(step);
  }
  return batches;
}
