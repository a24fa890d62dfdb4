import { topicsConsumedBy } from '@sluice/messages';
import type { Fault, ScheduledFault } from '../schedule/fault.js';
import { AUDITOR } from '../system/names.js';

/** Findings of a book that went back. */
const RESTORED = [
  'head_went_back',
  'hold_without_cover',
  'released_but_paid',
  'released_without_proof',
  'paid_twice',
];
/** Findings of a service whose database went back, also between a call and the end of the call. */
const OLDER_DATABASE = ['audit_entry_missing', 'approval_without_entry', 'action_without_approval'];
/** Findings of lost messages. */
const LOST = [
  'hold_without_cover',
  'payment_without_order',
  'paid_twice',
  'captured_without_payment',
  'released_without_proof',
  'audit_entry_missing',
  'approval_without_request',
  'approval_without_entry',
  'action_without_approval',
];
/** Findings of a database whose clock was stepped: readings have an age by this clock. */
const STEPPED = ['venue_not_read', 'captured_without_payment'];

const FOLLOWED: ReadonlySet<string> = new Set(topicsConsumedBy(AUDITOR));

/** Returns the kinds of findings that the faults of a run cause. Any other finding is false. */
export function expectedFindings(schedule: readonly ScheduledFault[]): ReadonlySet<string> {
  return new Set(schedule.flatMap(({ fault }) => causedBy(fault)));
}

/**
 * Permits are required unless the faults of the run plant a loss: a finding about the loss would stop
 * the payments that the run judges.
 */
export function permitsUnder(schedule: readonly ScheduledFault[]): 'required' | 'advisory' {
  return expectedFindings(schedule).size === 0 ? 'required' : 'advisory';
}

function causedBy(fault: Fault): readonly string[] {
  switch (fault.group) {
    case 'restore':
      return fault.what === 'all' || fault.what === 'ledger'
        ? [...RESTORED, ...OLDER_DATABASE]
        : OLDER_DATABASE;
    case 'log-loss':
      return fault.topics.some((topic) => FOLLOWED.has(topic)) ? LOST : [];
    case 'corruption':
      return FOLLOWED.has(fault.topic) ? LOST : [];
    case 'clock':
      return fault.process === 'all' ? STEPPED : [];
    case 'kill':
    case 'freeze':
    case 'venue':
    case 'chain':
    case 'network':
    case 'database':
    case 'broker':
    case 'group-reset':
    case 'disk':
      return [];
  }
}
