import type { InboxItemDto, SubmissionHistoryDto, WithdrawalDto } from '@sluice/http-api';
import { connectorOf } from '../../api/services.js';
import { OPEN_STATES } from '../../format/states.js';

/** The action that is safe now. */
export interface SafeAction {
  readonly kind: 'nothing' | 'wait' | 'decide' | 'look';
  readonly sentence: string;
  /** Decisions that wait for people, the first one for the sentence. */
  readonly decisions: readonly WaitingDecision[];
  /** Actions that could pay twice or release a payment that was made. */
  readonly never: string | null;
}

interface WaitingDecision {
  readonly sentence: string;
  /** Place of the console for the decision. */
  readonly to: string;
}

type Known = Pick<WithdrawalDto, 'id' | 'state' | 'venue' | 'tx_hash' | 'cases'>;

/** Everything that the services say about a withdrawal. */
export interface WithdrawalFindings {
  /** Submissions at the venue and at the venues tried before. */
  readonly submissions: readonly {
    readonly service: string;
    readonly submission: Pick<SubmissionHistoryDto, 'state' | 'cases' | 'decisions'>;
  }[];
  /** Items of all inboxes about the withdrawal. */
  readonly items: readonly (Pick<InboxItemDto, 'kind' | 'id' | 'title'> & {
    readonly service: string;
  })[];
  /** Reads without a complete answer. */
  readonly unanswered: readonly string[];
  /** True before the first answer of every service. */
  readonly isAsking: boolean;
}

const WITHOUT_PROOF: readonly string[] = ['undecided', 'disputed'];
const NEVER_BY_HAND =
  'Do not pay it by hand, and do not send it again: the venue may have paid already.';
const NEVER_RELEASE = 'Do not give the money back: the venue may still pay.';

/**
 * Returns the safe action for a withdrawal. An open item, an undecided case and a missing answer each
 * exclude `nothing`.
 */
export function safeAction(withdrawal: Known, findings: WithdrawalFindings): SafeAction {
  const decisions = decisionsOf(withdrawal, findings);
  const [first] = decisions;
  if (first !== undefined)
    return {
      kind: 'decide',
      sentence: first.sentence,
      decisions,
      never:
        withdrawal.state === 'awaiting_approval' && decisions.length === 1 ? null : NEVER_BY_HAND,
    };
  if (findings.isAsking) return look('Wait until the services have answered.');
  if (findings.unanswered.length > 0)
    return look(`Find out why an answer is missing: ${findings.unanswered.join(', ')}.`);
  if (!OPEN_STATES.includes(withdrawal.state) && hasOpenCase(withdrawal, findings))
    return look('Compare the cases on this page with the venue: they do not fit the end.');
  return byState(withdrawal);
}

function decisionsOf(
  { id, state, venue }: Known,
  { submissions, items }: WithdrawalFindings,
): readonly WaitingDecision[] {
  const unproven = submissions.filter(({ submission }) => WITHOUT_PROOF.includes(submission.state));
  const services = unproven.map(({ service }) => service);
  if (state === 'undecided') services.push(connectorOf(venue));
  const all = [
    ...services.map((service) => ({
      sentence:
        'Find out at the venue what became of the payment, then decide it with the evidence. A second person confirms.',
      to: `/decide/${service}/case/${id}`,
    })),
    ...(state === 'awaiting_approval'
      ? [
          {
            sentence: 'People of the policy have to approve or refuse the payment.',
            to: `/decide/ledger/payment_approval/${id}`,
          },
        ]
      : []),
    ...items.map((item) => ({
      sentence: item.title,
      to: `/decide/${item.service}/${item.kind}/${item.id}`,
    })),
  ];
  return all.filter(({ to }, at) => all.findIndex((other) => other.to === to) === at);
}

/** Ends of a submission, each with a proof or a decision of people. */
const SUBMISSION_ENDS: readonly string[] = [
  'not_sent',
  'absent',
  'refused',
  'settled',
  'returned',
  'failed',
];
/** Cases that ask what became of a payment. Its end answers them; every other case doubts the end. */
const ANSWERED_BY_END: readonly string[] = [
  'needs_decision',
  'not_listed',
  'late_outcome',
  'found_before_sending',
  'submission_missing',
  'refusal_not_proven',
];

/** True if a case doubts the end: at intake-api, or at a connector after the last decision of people. */
function hasOpenCase({ cases }: Known, { submissions }: WithdrawalFindings): boolean {
  const open = submissions.flatMap(({ submission }) => {
    const isEnded = SUBMISSION_ENDS.includes(submission.state);
    const decided = submission.decisions.map(({ decided_at: at }) => Date.parse(at));
    return submission.cases.filter(
      ({ kind, opened_at: at }) =>
        !(isEnded && ANSWERED_BY_END.includes(kind)) &&
        !decided.some((time) => time >= Date.parse(at)),
    );
  });
  const doubts = cases.filter(({ trigger }) => !ANSWERED_BY_END.includes(trigger));
  return doubts.length + open.length > 0;
}

function byState({ state, tx_hash: txHash }: Known): SafeAction {
  switch (state) {
    case 'completed':
      return nothing('Paid, and booked. Nothing is to be done.');
    case 'rejected':
      return nothing('It was refused before any money moved. Nothing is to be done.');
    case 'failed':
      return nothing('Nothing was paid, and the money is free again. Nothing is to be done.');
    case 'cancelled':
      return nothing('It was cancelled, and the money is free again. Nothing is to be done.');
    case 'returned':
      return nothing('The payment came back, and is booked. Nothing is to be done.');
    case 'uncertain':
    case 'undecided':
      return waiting(
        'The connector repeats the look-up of the payment until the outcome is proven.',
      );
    case 'submitted':
    case 'broadcast':
      return waiting(
        txHash === null
          ? 'The venue has accepted the payment. Wait for its transaction.'
          : 'The transaction is known. Wait for its confirmation.',
      );
    case 'returning':
      return waiting('The payment came back. The ledger books the return.');
    case 'capturing':
    case 'releasing':
    case 'cancelling':
      return waiting('The outcome is known, and the ledger books it.', NEVER_RELEASE);
    case 'requested':
    case 'awaiting_approval':
      return waiting('The ledger reserves the money. Nothing was sent yet.', null);
    case 'submitting':
      return waiting('The order waits for its turn at the connector, or is being sent.');
  }
}

function nothing(sentence: string): SafeAction {
  return { kind: 'nothing', sentence, decisions: [], never: null };
}

function waiting(sentence: string, never: string | null = NEVER_BY_HAND): SafeAction {
  return { kind: 'wait', sentence, decisions: [], never };
}

function look(sentence: string): SafeAction {
  return { kind: 'look', sentence, decisions: [], never: `${NEVER_BY_HAND} ${NEVER_RELEASE}` };
}
