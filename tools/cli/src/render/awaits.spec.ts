import type { WithdrawalDto } from '@sluice/http-api';
import { HELD_AT_INTAKE } from '@sluice/messages';
import { awaitsAuditor, awaitsOf, openFindings } from './awaits.js';

const withdrawal = (state: WithdrawalDto['state']) => ({
  state,
  venue: 'gateio',
  awaits: "in intake's words",
});

describe('awaitsOf', () => {
  it('says that its connector has no submission of it', () => {
    expect(awaitsOf(withdrawal('submitting'), null)).toContain(
      'connector-gateio to take the order: it has no submission of it yet',
    );
  });

  it.each(Object.values(HELD_AT_INTAKE))(
    'says why intake-api gives it to no connector: %s',
    (awaits) => {
      expect(awaitsOf({ ...withdrawal('submitting'), awaits }, null)).toBe(awaits);
    },
  );

  it('sends a person to the venue when what it has had is known to nobody any more', () => {
    expect(awaitsOf(withdrawal('submitted'), null)).toMatch(
      /^a person: connector-gateio has lost its submission/,
    );
  });

  it('of a disputed one it says that a person must decide, not that confirmations are awaited', () => {
    const submission = {
      state: 'disputed',
      awaited: 'the decision of a person: the venue’s payment differs from the order',
    };

    expect(awaitsOf(withdrawal('broadcast'), submission)).toBe(
      'the decision of a person: the venue’s payment differs from the order',
    );
  });

  it('of one in the queue it says what stands before it', () => {
    const submission = {
      state: 'prepared',
      awaited: 'that withdrawal 7, an equal payment (undecided), is known to be paid or not',
    };

    expect(awaitsOf(withdrawal('submitting'), submission)).toBe(submission.awaited);
  });

  it.each<[WithdrawalDto['state'], { state: string; awaited: string } | null | undefined]>([
    ['requested', null],
    ['completed', null],
    ['submitting', undefined],
    ['broadcast', { state: 'accepted', awaited: 'the final word of the venue' }],
  ])('otherwise it is what intake-api says: %s', (state, submission) => {
    expect(awaitsOf(withdrawal(state), submission)).toBe("in intake's words");
  });
});

describe('what holds a withdrawal at other services', () => {
  it('is an open finding of the auditor while a permit is awaited', () => {
    const finding = { kind: 'payment_without_order', subject: 'gateio w1' };
    const findings = [
      { ...finding, id: 3, closed_at: null },
      { ...finding, id: 2, closed_at: 'x' },
    ];

    expect(openFindings(findings)).toEqual([
      'open findings of the auditor: 3 (payment_without_order, gateio w1)',
    ]);
    expect(openFindings([])).toEqual([]);
    expect(awaitsAuditor("nothing is sent now: gateio waits for the auditor's permit")).toBe(true);
    expect(awaitsAuditor(null)).toBe(false);
  });
});
