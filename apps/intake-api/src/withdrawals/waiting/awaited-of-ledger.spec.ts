import { ServiceAwayError } from '../../other-services/asked-service.js';
import { awaitedOfLedger } from './awaited-of-ledger.js';

const STEP = 'the ledger to place or refuse the hold';
const HALT = "the ledger's database was put back";
const halted = { bookHalt: () => Promise.resolve(HALT) };

describe('what a withdrawal awaits of the ledger', () => {
  it('is the next step while the ledger works', async () => {
    const ledger = { bookHalt: () => Promise.resolve(null) };

    expect(await awaitedOfLedger({ state: 'requested', awaits: STEP }, ledger)).toBe(STEP);
  });

  it.each(['requested', 'capturing', 'releasing', 'cancelling', 'returning'] as const)(
    'is the end of the halt of the ledger: %s',
    async (state) => {
      const awaited = await awaitedOfLedger({ state, awaits: STEP }, halted);

      expect(awaited).toBe(
        `the halt of the ledger to be lifted: ${HALT} (next: sluice ledger halts; docs/operations/runbook.md#an-invariant-is-violated)`,
      );
    },
  );

  it('names a ledger that does not answer', async () => {
    const ledger = { bookHalt: () => Promise.reject(new ServiceAwayError('timeout')) };

    expect(await awaitedOfLedger({ state: 'capturing', awaits: STEP }, ledger)).toBe(
      `${STEP}; the ledger does not answer now`,
    );
  });

  it.each(['submitting', 'submitted', 'completed'] as const)(
    'is no matter of the ledger: %s',
    async (state) => {
      expect(await awaitedOfLedger({ state, awaits: null }, halted)).toBeNull();
    },
  );
});
