import fc from 'fast-check';
import { isTerminal, SUBMISSION_STATES } from './submission-states.js';
import { awaitedText, waitCausesOf, type WaitFacts } from './wait-causes.js';

const FREE: WaitFacts = {
  state: 'prepared',
  isUnlisted: false,
  refusedByNodes: null,
  halts: [],
  processFault: null,
  permitFault: null,
  pause: null,
  before: null,
  equal: null,
  postponed: null,
  ahead: 0,
};
const HALT = { id: '3', reason: 'orphan', subject: 'w9', details: 'nobody ordered it' };
const PAUSE = { until: '2026-11-29T01:00:10Z', cause: 'status 403 with a page of a CDN' };
const HELD = {
  halts: [HALT],
  processFault: 'the clock of this process is 12 s ahead',
  permitFault: "gateio waits for the auditor's permit",
  pause: PAUSE,
  before: 'person',
} as const;
const kinds = (facts: Partial<WaitFacts>) =>
  waitCausesOf({ ...FREE, ...facts }).map(({ kind }) => kind);
const text = (facts: Partial<WaitFacts>) => awaitedText(waitCausesOf({ ...FREE, ...facts }));

describe('what holds a submission', () => {
  it('is the place in the queue only if nothing else holds it', () => {
    expect(text({})).toContain('its turn in the rate plan of the venue: 0 are before it (next: ');
    expect(text({ ahead: 1 })).toContain('its turn in the rate plan of the venue: 1 is before it');
  });

  it.each([
    ['a halt', { halts: [HALT] }, 'halt', 'halt 3 (orphan, w9: nobody ordered it)'],
    ['a fault', { processFault: 'the clocks differ' }, 'fault', 'now: the clocks differ'],
    ['a finding of the auditor', { permitFault: 'a finding' }, 'permit', 'now: a finding'],
    ['a pause', { pause: PAUSE }, 'pause', `until ${PAUSE.until}: ${PAUSE.cause}`],
    ['a person', { before: 'person' }, 'person', 'whether the order was already paid'],
    ['a restore', { before: 'confirmation' }, 'confirmation', 'is still open'],
    ['a look-up', { before: 'look_up', postponed: 'status 502' }, 'look_up', 'failed: status 502)'],
    [
      'an equal payment',
      { equal: { withdrawalId: 'w1', state: 'unknown' } },
      'equal_payment',
      'w1',
    ],
    ['a preparation', { postponed: 'base fee above the cap' }, 'preparation', 'above the cap'],
  ] as const)('is %s, and then not the queue', (_name, facts, kind, named) => {
    expect(kinds({ ...facts, ahead: 5 })).toEqual([kind]);
    expect(text(facts)).toContain(named);
    expect(text(facts)).not.toContain('rate plan');
  });

  it('has one next step, that of the widest cause', () => {
    expect(text(HELD).match(/\(next: [^)]*\)$/g)).toEqual([
      '(next: sluice halt list; docs/operations/runbook.md#a-venue-is-halted)',
    ]);
    const equal = { withdrawalId: 'w1', state: 'unknown' };
    expect(text({ equal, before: 'look_up' })).toContain('that withdrawal w1');
    expect(text({ equal: { ...equal, state: 'prepared' }, before: 'look_up' })).toContain(
      'a look-up in the venue',
    );
    expect(text({ equal })).toContain('(next: sluice withdrawal show w1;');
    expect(text({ before: 'person' })).toContain('(next: sluice withdrawal resolve N --as ');
  });

  it('names all causes, the widest first', () => {
    expect(kinds(HELD)).toEqual(['halt', 'fault', 'permit', 'pause', 'person']);
  });

  it('is named once where the venue refused a request and is paused for the same cause', () => {
    expect(kinds({ pause: PAUSE, postponed: PAUSE.cause })).toEqual(['pause']);
    expect(kinds({ pause: PAUSE, postponed: 'the fees cannot be read' })).toEqual([
      'pause',
      'preparation',
    ]);
  });

  it('is the venue after the send: halts stop only another send of an unknown outcome', () => {
    expect(kinds({ ...HELD, state: 'accepted' })).toEqual(['venue']);
    expect(kinds({ ...HELD, state: 'unknown' })).toEqual(['venue', 'halt', 'fault', 'permit']);
    expect(text({ state: 'refusing', postponed: 'status 502' })).toContain('failed: status 502');
  });

  it('is a refusal of the nodes after the send, where our own wallet knows one', () => {
    const refusedByNodes = 'nodes to take transaction 0x1, which they refuse';
    expect(text({ state: 'accepted', refusedByNodes })).toContain(
      `${refusedByNodes} (next: sluice wallet show; `,
    );
    expect(kinds({ state: 'unknown', refusedByNodes })).toEqual(['venue']);
  });

  it('is nothing after the end, and never empty before', () =>
    fc.assert(
      fc.property(
        fc.constantFrom(...SUBMISSION_STATES),
        fc.constantFrom<Partial<WaitFacts>[]>({}, HELD, { pause: PAUSE }, { postponed: 'x' }),
        (state, facts) => {
          const isOver = isTerminal(state);
          expect(waitCausesOf({ ...FREE, ...facts, state }).length === 0).toBe(isOver);
          expect(text({ ...facts, state }) === 'nothing').toBe(isOver);
        },
      ),
    ));
});
