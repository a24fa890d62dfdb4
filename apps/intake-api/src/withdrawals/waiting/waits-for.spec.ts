import { isTerminal, type State } from '@sluice/withdrawal-core';
import { ServiceAwayError } from '../../other-services/asked-service.js';
import { awaitedOfLedger, AWAITS, waitingText, waitsFor } from './waits-for.js';

/** The causes in the documentation of the message. */
const REPORTED = [
  'halt',
  'fault',
  'permit',
  'pause',
  'person',
  'confirmation',
  'look_up',
  'equal_payment',
  'preparation',
];
const AT_VENUE = { state: 'submitting', venue: 'gateio' } as const;
const PAUSED = waitsFor({ by: 'gateio', cause: 'pause' });

describe('what holds an order at its venue', () => {
  it.each(REPORTED)('has words for %s, for customers and operators', (cause) => {
    const waits = waitsFor({ by: 'gateio', cause });
    expect(waitingText('customer', AT_VENUE, waits)).toContain('gateio');
    expect(waitingText('operator', AT_VENUE, waits)).toMatch(/ \(next: sluice [^)]+\)$/);
  });

  it.each([
    ['its place in the queue', AT_VENUE, waitsFor({ by: 'gateio', cause: 'queue' })],
    ['no report', AT_VENUE, null],
    ['a report of an earlier venue', { ...AT_VENUE, venue: 'bybit' }, PAUSED],
    ['a report from before it was sent', { ...AT_VENUE, state: 'submitted' }, PAUSED],
    ['a cause of a later release', AT_VENUE, 'gateio weather'],
  ] as const)('is not named for %s', (_name, withdrawal, waits) => {
    expect(waitingText('customer', withdrawal, waits)).toBeNull();
  });
});

describe('what a withdrawal awaits in a state', () => {
  it.each(Object.entries(AWAITS))('has one next step before the end: %s', (state, text) => {
    if (isTerminal(state as State)) expect(text).toBeNull();
    else expect(text?.match(/\(next: sluice [^)]+\)$/g)).toHaveLength(1);
  });
});

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
