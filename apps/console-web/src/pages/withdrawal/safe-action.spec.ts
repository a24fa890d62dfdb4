import { WITHDRAWAL_STATES } from '../../format/states.js';
import { safeAction, type WithdrawalFindings } from './safe-action.js';

type State = (typeof WITHDRAWAL_STATES)[number];

const AT = '2026-11-30T14:00:00Z';
const LATER = '2026-11-30T15:00:00Z';
const CASE = { id: '3', withdrawal_id: 'w', kind: 'paid_though_refused', text: '', opened_at: AT };
const REPORT = { state: 'failed', trigger: 'settled', detail: null, opened_at: AT };
const DECISION = {
  attempt: 1,
  from_state: 'undecided',
  decision: 'paid',
  evidence: 'ticket',
  venue_reference: null,
  amount: null,
  decided_by: 'ann',
  confirmed_by: 'ben',
  decided_at: LATER,
} as const;
const CALM: WithdrawalFindings = { submissions: [], items: [], unanswered: [], isAsking: false };
const BREAK = { service: 'connector-gateio', kind: 'break', id: '9', title: 'Paid twice' } as const;

function actionIn(state: State, findings: Partial<WithdrawalFindings> = {}, cases = [REPORT]) {
  const withdrawal = { id: 'w', state, venue: 'gateio', tx_hash: null, cases: cases.slice(1) };
  return safeAction(withdrawal, { ...CALM, ...findings });
}

function submissionIn(
  state: string,
  { cases = [CASE].slice(1), decisions = [DECISION].slice(1), service = 'connector-gateio' } = {},
): Partial<WithdrawalFindings> {
  return { submissions: [{ service, submission: { state, cases, decisions } }] };
}

describe('the safe action', () => {
  it('is nothing for each end, and never for a payment that may still move', () => {
    const without = WITHDRAWAL_STATES.filter((state) => actionIn(state).kind === 'nothing');

    expect(without.toSorted()).toEqual([
      'cancelled',
      'completed',
      'failed',
      'rejected',
      'returned',
    ]);
  });

  it.each(['submitting', 'uncertain', 'undecided', 'submitted', 'broadcast'] as const)(
    'warns of a second payment in %s',
    (state) => expect(actionIn(state).never).toContain('Do not pay it by hand'),
  );

  it.each([...WITHDRAWAL_STATES])('is never nothing in %s with an open item', (state) => {
    const { kind, decisions, never } = actionIn(state, { items: [BREAK] });

    expect(kind).toBe('decide');
    expect(decisions).toContainEqual({
      sentence: 'Paid twice',
      to: '/decide/connector-gateio/break/9',
    });
    expect(never).toContain('Do not pay it by hand');
  });

  it.each([...WITHDRAWAL_STATES])(
    'is the decision in %s of a submission without proof, also at a venue tried before',
    (state) => {
      for (const without of ['undecided', 'disputed'])
        expect(
          actionIn(state, submissionIn(without, { service: 'connector-bybit' })),
        ).toMatchObject({
          kind: 'decide',
          sentence: expect.stringContaining('Find out at the venue'),
          decisions: expect.arrayContaining([
            expect.objectContaining({ to: '/decide/connector-bybit/case/w' }),
          ]),
        });
    },
  );

  it.each(['completed', 'returned', 'failed', 'rejected', 'cancelled'] as const)(
    'is to look in %s with a case, until people have decided it',
    (state) => {
      const opened = submissionIn('refused', { cases: [CASE] });
      const decided = submissionIn('settled', { cases: [CASE], decisions: [DECISION] });

      expect(actionIn(state, opened).kind).toBe('look');
      expect(actionIn(state, opened).never).toContain('Do not pay it by hand');
      expect(actionIn(state, decided).kind).toBe('nothing');
      expect(actionIn(state, CALM, [REPORT, REPORT]).kind).toBe('look');
    },
  );

  it.each(['needs_decision', 'not_listed', 'late_outcome', 'found_before_sending'])(
    'is nothing after an end that has answered a case %s, and to look while the submission is open',
    (kind) => {
      const cases = [{ ...CASE, kind }];

      expect(actionIn('completed', submissionIn('settled', { cases })).kind).toBe('nothing');
      expect(actionIn('completed', submissionIn('accepted', { cases })).kind).toBe('look');
    },
  );

  it.each(['paid_twice', 'paid_after_absent', 'contrary_after_end', 'not_as_asked', 'handed_over'])(
    'is to look after an end with a case %s',
    (kind) =>
      expect(
        actionIn('completed', submissionIn('settled', { cases: [{ ...CASE, kind }] })).kind,
      ).toBe('look'),
  );

  it('is nothing after an end that has answered a case of intake-api, and to look with any other', () => {
    const answered = { ...REPORT, trigger: 'submission_missing' };

    expect(actionIn('completed', CALM, [REPORT, answered]).kind).toBe('nothing');
    expect(actionIn('completed', CALM, [REPORT, answered, REPORT]).kind).toBe('look');
  });

  it('offers no second decision of a payment that people have decided', () =>
    expect(
      actionIn('submitted', submissionIn('accepted', { cases: [CASE], decisions: [DECISION] }))
        .kind,
    ).toBe('wait'));

  it.each(WITHDRAWAL_STATES.filter((state) => !/^(undecided|awaiting_approval)$/.test(state)))(
    'claims nothing in %s before each service has answered',
    (state) => {
      expect(actionIn(state, { isAsking: true }).kind).toBe('look');
      expect(actionIn(state, { unanswered: ['connector-gateio'] })).toMatchObject({
        kind: 'look',
        sentence: 'Find out why an answer is missing: connector-gateio.',
        never: expect.stringContaining('Do not pay it by hand'),
      });
    },
  );

  it('is the decision of an undecided payment, also while its case cannot be read', () =>
    expect(actionIn('undecided', { unanswered: ['connector-gateio'] }).decisions).toMatchObject([
      { to: '/decide/connector-gateio/case/w' },
    ]));

  it('is the approval of a payment that waits for people, named once', () => {
    const asked = { service: 'ledger', kind: 'payment_approval', id: 'w', title: 'x' } as const;

    expect(actionIn('awaiting_approval', { items: [asked] })).toMatchObject({
      decisions: [{ to: '/decide/ledger/payment_approval/w' }],
      never: null,
    });
  });
});
