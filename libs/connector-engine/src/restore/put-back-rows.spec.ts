import { TEST_AUTHORITY } from '../testkit/given-tables.js';
import { sendVerdict, UNSENT_FOR_MS, UnsentSeals } from './put-back-rows.js';

const HONOURED_MS = 60_000;
const NO_SEND = { sent: null, completeForMs: 3_600_000, honouredMs: HONOURED_MS };
const stored = (ageMs: number) => ({ basis: 'stored', ageMs }) as const;
const lookedUp = (ageMs: number) => ({ basis: 'looked up', ageMs }) as const;

describe('an order without a known send', () => {
  it.each([
    ['stored just now', stored(10), 'send'],
    ['stored by an instance with a clock slightly ahead', stored(-1_000), 'send'],
    ['stored long before', stored(UNSENT_FOR_MS + 1), 'look_up'],
    ['stored in the future', stored(-60_001), 'look_up'],
    ['looked up just now', lookedUp(10), 'send'],
    ['looked up long before', lookedUp(UNSENT_FOR_MS + 1), 'look_up'],
    ['without a valid seal', null, 'look_up'],
  ] as const)('%s: %j is %s', (_what, unsent, verdict) => {
    expect(sendVerdict({ attempt: 1, unsent }, NO_SEND)).toBe(verdict);
  });

  it('is looked up first if it was stored before the memory of this process begins', () => {
    const young = { ...NO_SEND, completeForMs: 1_000 };

    expect(
      [999, 1_001].map((ageMs) => sendVerdict({ attempt: 1, unsent: stored(ageMs) }, young)),
    ).toEqual(['send', 'look_up']);
  });
});

describe('an order with a known send', () => {
  const sent = (outcome: 'pending' | 'accepted' | 'unknown' | 'refused', ageMs = 120_000) => ({
    ...NO_SEND,
    sent: { attempt: 1, outcome, ageMs },
  });

  it.each(['pending', 'accepted', 'unknown', 'refused'] as const)(
    'that was %s is put back, whatever the age of the row’s seal',
    (outcome) => {
      for (const unsent of [null, stored(130_000), stored(1), lookedUp(120_000), lookedUp(130_000)])
        expect(sendVerdict({ attempt: 1, unsent }, sent(outcome))).toBe('put_back');
    },
  );

  it('is sent as the next attempt, because the row shows the earlier attempt', () => {
    expect(sendVerdict({ attempt: 2, unsent: stored(1_000) }, sent('unknown'))).toBe('send');
  });

  it('and fewer attempts in the row is put back', () => {
    const memory = { ...NO_SEND, sent: { attempt: 3, outcome: 'unknown', ageMs: 10 } } as const;

    expect(sendVerdict({ attempt: 2, unsent: stored(5) }, memory)).toBe('put_back');
  });

  it('is sent again after a restore only if looked up after the venue could act on the send, and never if the venue accepted the send', () => {
    const row = { attempt: 1, unsent: lookedUp(1_000) };
    const tooEarly = { attempt: 1, unsent: lookedUp(90_000) };

    expect([
      sendVerdict(row, sent('unknown')),
      sendVerdict(tooEarly, sent('unknown')),
      sendVerdict(row, sent('accepted')),
    ]).toEqual(['send', 'look_up', 'put_back']);
  });

  it('that the venue may still execute is left to the restored requests', () => {
    expect(sendVerdict({ attempt: 1, unsent: lookedUp(100) }, sent('unknown', 1_000))).toBe('send');
  });
});

describe('the seal of an unsent order', () => {
  const at = new Date('2026-11-26T10:00:00.000Z');
  const seals = new UnsentSeals(TEST_AUTHORITY, () => new Date(at.getTime() + 1_500));
  const seal = TEST_AUTHORITY.sealUnsent('r-1', { basis: 'stored', at });

  it('proves its basis and its age', () => {
    expect(seals.read('r-1', seal)).toEqual({ basis: 'stored', ageMs: 1_500 });
  });

  it.each([
    ['of another order', 'r-2', seal],
    ['of another basis', 'r-1', seal.replace('stored', 'looked up')],
    ['of another time', 'r-1', seal.replace('10:00', '10:01')],
    ['that is empty', 'r-1', ''],
    ['without its parts', 'r-1', 'stored'],
  ])('%s proves nothing', (_what, reference, text) => {
    expect(seals.read(reference, text)).toBeNull();
  });

  it('has a time whose text is smaller if older', () => {
    expect(seal.split('~')[1]).toBe(seals.timeBefore(1_500));
    expect(seals.timeBefore(2_000) < seals.timeBefore(1_500)).toBe(true);
  });
});
