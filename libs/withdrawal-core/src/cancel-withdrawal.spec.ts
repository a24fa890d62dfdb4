import fc from 'fast-check';
import { advanceWithdrawal, type Fact } from './advance-withdrawal.js';
import { cancelOutcome, recordCancelRefused, requestCancel } from './cancel-withdrawal.js';
import type { SagaCommand, Withdrawal } from './withdrawal.js';
import { AT, opened } from './testkit/opened.js';
import { TRANSITIONS, type State } from './withdrawal-states.js';

const EVIDENCE = { at: AT, by: null, route: [] };
const STATES = Object.keys(TRANSITIONS) as State[];

const OPENED = opened();

const FACTS: readonly Fact[] = [
  { trigger: 'hold_placed' },
  { trigger: 'approval_asked', groups: 'treasury 2', expiresAt: AT },
  { trigger: 'approval_ended', reason: 'approval_refused' },
  { trigger: 'hold_refused', reason: 'insufficient_funds' },
  { trigger: 'accepted', venueReference: 'v1', txHash: null },
  { trigger: 'refused', reason: 'invalid_address', message: 'no such address' },
  { trigger: 'outcome_unknown', cause: 'time-out' },
  { trigger: 'decision_needed', cause: 'no single match' },
  { trigger: 'broadcast', txHash: '0xabc' },
  { trigger: 'settled', txHash: '0xabc', venueFee: null },
  { trigger: 'failed', reason: 'rejected', message: 'given back' },
  { trigger: 'cancelled', reason: 'cancelled', message: 'as you wished' },
  { trigger: 'hold_captured' },
  { trigger: 'hold_released' },
];

type Event = Fact | 'request' | 'venue will not';
const anyFact = fc.constantFrom(...FACTS);
const anyEvents = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: anyFact },
    { weight: 2, arbitrary: fc.constant('request' as const) },
    fc.constant('venue will not' as const),
  ),
  { maxLength: 40 },
);

interface Applied {
  withdrawal: Withdrawal;
  commands: string[];
  /** `fact:` for each fact that had a place, `request:` for each request, with how it was answered. */
  log: string[];
}

function applyAll(events: readonly Event[]): Applied {
  const applied: Applied = { withdrawal: OPENED, commands: [], log: [] };
  for (const event of events) {
    if (event === 'request') {
      const request = requestCancel(applied.withdrawal, 'ck_1', AT);
      applied.log.push(`request:${request.ok}`);
      if (request.ok) take(applied, request.value);
    } else if (event === 'venue will not') {
      applied.withdrawal =
        recordCancelRefused(applied.withdrawal, 'too late') ?? applied.withdrawal;
    } else {
      const step = advanceWithdrawal(applied.withdrawal, event, EVIDENCE);
      if (!step.ok) continue;
      applied.log.push(`fact:${event.trigger}`);
      take(applied, step.value);
    }
  }
  return applied;
}

function take(
  applied: Applied,
  { withdrawal, commands }: { withdrawal: Withdrawal; commands: readonly SagaCommand[] },
): void {
  applied.withdrawal = withdrawal;
  applied.commands.push(
    ...commands.map((command) =>
      command.kind === 'submit' && command.notAfter !== null ? 'submit without time' : command.kind,
    ),
  );
}

/** The commands that ought to be sent, derived naively from the log. */
function expectedCommands(log: readonly string[]): string[] {
  const asked: string[] = [];
  let requested = false;
  let waits = false;
  for (const entry of log) {
    if (entry === 'request:true' && !requested) {
      requested = true;
      if (asked.includes('submit')) asked.push('cancel');
      if (waits) asked.push('release');
    }
    if (entry.startsWith('fact:')) waits = entry === 'fact:approval_asked';
    if (waits && requested && entry === 'fact:approval_asked') asked.push('release');
    if (entry === 'fact:hold_placed')
      asked.push(...(requested ? ['submit without time', 'cancel'] : ['submit']));
    if (entry === 'fact:settled') asked.push('capture');
    if (['fact:refused', 'fact:failed', 'fact:cancelled'].includes(entry)) asked.push('release');
  }
  return asked;
}

describe('a request to cancel', () => {
  it('asks no more and no less than a naive reading of the same story, whatever comes between', () =>
    fc.assert(
      fc.property(anyEvents, (events) => {
        const { commands, log } = applyAll(events);
        expect(commands).toEqual(expectedCommands(log));
      }),
      { numRuns: 2_000 },
    ));

  it('made before the hold is decided gives no venue any time to begin', () =>
    fc.assert(
      fc.property(anyEvents, (events) =>
        expect(applyAll(['request', ...events]).commands).not.toContain('submit'),
      ),
    ));

  it('made after the submit command moves nothing: the same facts lead to the same state', () =>
    fc.assert(
      fc.property(anyEvents, (events) => {
        const facts = events.filter((event) => typeof event !== 'string');
        const [withWish, without] = [
          applyAll([FACTS[0]!, ...events]),
          applyAll([FACTS[0]!, ...facts]),
        ];
        expect({ ...withWish.withdrawal, cancel: null }).toEqual(without.withdrawal);
      }),
    ));

  it('made twice is one request', () =>
    fc.assert(
      fc.property(anyEvents, (events) => {
        const twice = applyAll(
          events.flatMap((event): Event[] => (event === 'request' ? [event, event] : [event])),
        );
        const once = applyAll(events);
        expect([twice.withdrawal, twice.commands]).toEqual([once.withdrawal, once.commands]);
      }),
    ));

  it('is reported as done only when the hold is back and nothing was paid', () =>
    fc.assert(
      fc.property(anyEvents, (events) => {
        const { withdrawal, commands, log } = applyAll(events);
        if (cancelOutcome(withdrawal)?.status !== 'done') return;
        expect(log).toContain('fact:hold_released');
        expect(commands).not.toContain('capture');
        for (const fact of FACTS)
          expect(advanceWithdrawal(withdrawal, fact, EVIDENCE).ok).toBe(false);
      }),
    ));

  it.each<[State, string]>([
    ['requested', 'remembered'],
    ['awaiting_approval', 'the ledger is asked'],
    ['submitting', 'the venue is asked'],
    ['uncertain', 'the venue is asked'],
    ['undecided', 'the venue is asked'],
    ['submitted', 'the venue is asked'],
    ['broadcast', 'the venue is asked'],
    ['capturing', 'too late'],
    ['releasing', 'too late'],
    ['cancelling', 'too late'],
    ['rejected', 'too late'],
    ['completed', 'too late'],
    ['failed', 'too late'],
    ['cancelled', 'too late'],
  ])('in %s: %s', (state, answer) => {
    const request = requestCancel({ ...OPENED, state }, 'ck_1', AT);
    expect(
      request.ok
        ? { release: 'the ledger is asked', cancel: 'the venue is asked', none: 'remembered' }[
            (request.value.commands[0]?.kind ?? 'none') as 'release' | 'cancel' | 'none'
          ]
        : 'too late',
    ).toBe(answer);
  });

  it.each<[State, string, string | null]>([
    ['requested', 'requested', 'Nothing will be sent. It ends when the hold is decided'],
    [
      'awaiting_approval',
      'requested',
      'Nothing was sent. It is stopped unless it was approved before the request',
    ],
    [
      'submitting',
      'requested',
      'The venue has not answered yet. It is stopped if nothing was sent, or if the venue stops it',
    ],
    [
      'uncertain',
      'requested',
      'It may have been sent. It is stopped only if it is proven that nothing was',
    ],
    [
      'undecided',
      'requested',
      'It may have been sent, and one of our operators decides. It is stopped only if nothing was',
    ],
    [
      'submitted',
      'requested',
      'The venue has the withdrawal and was requested to stop it. It is paid unless the venue stops it',
    ],
    ['cancelling', 'requested', 'Nothing is paid. The hold is on its way back'],
    ['cancelled', 'done', null],
    ['capturing', 'refused', 'It was paid before it could be stopped'],
    ['completed', 'refused', 'It was paid before it could be stopped'],
    ['failed', 'refused', 'It failed before it could be stopped'],
    ['rejected', 'refused', 'It failed before it could be stopped'],
  ])('is reported in %s as %s', (state, status, message) => {
    const cancel = { requestedAt: AT, requestedBy: 'ck_1', refusal: null };
    expect(cancelOutcome({ ...OPENED, state, cancel })).toEqual({ status, message });
    expect(cancelOutcome({ ...OPENED, state })).toBeNull();
  });

  it('keeps the venue’s first words of refusal, unless it was stopped all the same', () => {
    for (const state of STATES) {
      const requested = {
        ...OPENED,
        state,
        cancel: { requestedAt: AT, requestedBy: 'ck_1', refusal: null },
      };
      const noted = recordCancelRefused(requested, 'too late');
      if (state === 'cancelling' || state === 'cancelled') expect(noted).toBeNull();
      else expect(noted?.cancel?.refusal).toBe('too late');
      expect(noted && recordCancelRefused(noted, 'much too late')).toBeNull();
      expect(recordCancelRefused({ ...OPENED, state }, 'nobody asked')).toBeNull();
    }
  });
});
