interface NextStep {
  /** Command; N stands for the withdrawal. */
  readonly command: string;
  /** Section of the documentation, below `docs/`. The alert about the same cause leads there too. */
  readonly section: string;
}

const RESOLVE = 'sluice withdrawal resolve N --as paid|absent --evidence TEXT';
const RUNBOOK = 'operations/runbook.md#';
const RESTORE = 'operations/backup-and-restore.md#';

/** The one next step for each cause of waiting: at a connector, at intake-api, or between both. */
export const NEXT_STEPS = {
  halt: { command: 'sluice halt list', section: `${RUNBOOK}a-venue-is-halted` },
  fault: { command: 'sluice doctor', section: `${RUNBOOK}nothing-is-sent` },
  permit: { command: 'sluice findings list', section: `${RUNBOOK}payments-wait-for-a-permit` },
  pause: { command: 'sluice doctor', section: `${RUNBOOK}nothing-is-sent` },
  person: { command: RESOLVE, section: `${RUNBOOK}a-transfer-is-undecided` },
  confirmation: { command: 'sluice doctor', section: `${RESTORE}effects-of-a-restore` },
  look_up: { command: 'sluice doctor', section: `${RESTORE}effects-of-a-restore` },
  equal_payment: {
    command: 'sluice withdrawal show N',
    section: `${RUNBOOK}a-transfer-is-undecided`,
  },
  preparation: { command: 'sluice doctor', section: `${RUNBOOK}nothing-is-sent` },
  queue: {
    command: 'sluice withdrawal list --state submitting',
    section: `${RUNBOOK}nothing-is-sent`,
  },
  nodes: { command: 'sluice wallet show', section: 'operations/wallet.md#alerts-of-the-wallet' },
  venue: { command: 'sluice doctor', section: `${RUNBOOK}it-stays-in-uncertain` },
  ledger: { command: 'sluice doctor', section: `${RUNBOOK}a-service-is-unready` },
  book_halt: { command: 'sluice ledger halts', section: `${RUNBOOK}an-invariant-is-violated` },
  approval: { command: 'sluice approvals show N', section: 'policy.md#approvals' },
  report: { command: 'sluice doctor', section: `${RUNBOOK}nothing-is-sent` },
  confirmations: { command: 'sluice doctor', section: `${RUNBOOK}withdrawals-do-not-complete` },
  held_back: { command: 'sluice doctor', section: `${RESTORE}effects-of-a-restore` },
  held_no_more: {
    command: 'sluice ledger entries --withdrawal N',
    section: `${RESTORE}effects-of-a-restore`,
  },
  not_taken: {
    command: 'sluice dead-letter list',
    section: `${RUNBOOK}a-message-is-dead-lettered`,
  },
  lost_submission: { command: 'sluice halt records', section: `${RUNBOOK}a-case-is-open` },
} as const satisfies Readonly<Record<string, NextStep>>;

export type WaitingFor = keyof typeof NEXT_STEPS;

/** A cause of waiting with its next step. `about`: withdrawal in the command, if another. */
export function withNextStep(cause: string, kind: WaitingFor, about?: string): string {
  const { command, section } = NEXT_STEPS[kind];
  return `${cause} (next: ${about === undefined ? command : named(command, about)}; docs/${section})`;
}

export function named(text: string, withdrawal: string): string {
  return text.replace(/(?<=\(next: sluice [^;]*|^sluice .*)\bN\b/, withdrawal);
}
