import { waitingText, waitsFor } from './waits-for.js';

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
