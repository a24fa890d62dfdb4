import { DatabaseContinuity } from '@sluice/postgres';
import { Health } from '@sluice/service-shell';
import { eventually } from '@sluice/test-kit';
import { BookMemory } from './hash-chain/book-memory.js';
import { ChainHeadLoops, LedgerWorkers } from './ledger-workers.js';
import { CompareHeads } from './hash-chain/compare-heads.js';

const NOTHING = { warn: () => undefined, info: () => undefined };

describe('a ledger whose database is replaced while it runs', () => {
  it('books nothing before its chains are compared with the published heads once more', async () => {
    const continuity = new DatabaseContinuity();
    const memory = new BookMemory();
    const answers: (() => void)[] = [];
    const away = () => Promise.reject(new Error('this test has no database'));
    const database = { continuity, query: away, withClient: () => Promise.resolve(false) } as never;
    const compareHeads = new CompareHeads(
      { database, run: () => Promise.resolve([]) } as never,
      {} as never,
      memory,
      NOTHING as never,
      {
        onLogLoss: () => undefined,
        readNewest: () => new Promise((resolve) => answers.push(() => resolve([]))),
      },
    );
    const { loops } = new ChainHeadLoops(
      { database } as never,
      {} as never,
      {} as never,
      compareHeads,
      { logger: NOTHING as never, health: new Health() },
    );
    const workers = new LedgerWorkers(compareHeads, loops);
    const compared = async (times: number) => {
      await eventually(() => expect(answers).toHaveLength(times));
      answers[times - 1]?.();
    };
    workers.onApplicationBootstrap();
    await compared(1);
    await eventually(() => expect(memory.waitsFor).toBeNull());

    continuity.broken('a test');

    expect(memory.waitsFor).toContain('not compared');
    await eventually(() => expect(answers).toHaveLength(2));
    continuity.broken('it is replaced during the comparison');
    answers[1]?.();
    await compared(3);
    await eventually(() => expect(memory.waitsFor).toBeNull());
    await workers.beforeApplicationShutdown();
  });
});
