import { pause } from '@sluice/stack';
import { topicsConsumedBy } from '@sluice/messages';
import type { AuditFindingDto } from '@sluice/http-api';
import type { Fault, ScheduledFault } from '../schedule/fault.js';
import { AUDITOR } from '../system/names.js';
import type { AdminClients } from '../system/admin-clients.js';
import type { SystemUnderTest } from '../system/system-under-test.js';

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

/** Longest time for the comparison of the last facts. */
const COMPARED_WITHIN_MS = 120_000;
/** Time after a capture for which a reading may miss the payment. */
const READ_AFTER = "interval '35 seconds'";

const IS_COMPARED = `
  SELECT p.followed_through > $1
         AND NOT EXISTS (SELECT FROM changed_groups)
         AND NOT EXISTS (SELECT FROM venue_reading WHERE completed_at < $1::timestamptz + ${READ_AFTER}) AS done
    FROM audit_progress p`;

/**
 * Waits until the auditor has compared every fact from before, and returns the findings that no
 * fault of the run has caused. The rule: no false finding, and every fact is compared. Conditions, such
 * as a missed check of a frozen process, are no findings of a difference.
 */
export async function falseFindings(
  system: SystemUnderTest,
  admin: AdminClients,
  schedule: readonly ScheduledFault[],
  ended: AbortSignal,
): Promise<readonly string[]> {
  const isCompared = await untilCompared(system, ended);
  const findings = await admin.auditor.findings();
  const expected = expectedFindings(schedule);
  return [
    ...(isCompared
      ? []
      : [`the auditor has not compared every fact within ${COMPARED_WITHIN_MS / 1_000} s`]),
    ...findings.filter((one) => !one.is_condition && !expected.has(one.kind)).map(inWords),
  ];
}

async function untilCompared(system: SystemUnderTest, ended: AbortSignal): Promise<boolean> {
  const [row] = await system.databases.rows<{ now: Date }>(AUDITOR, 'SELECT now()');
  for (const until = Date.now() + COMPARED_WITHIN_MS; Date.now() < until && !ended.aborted;) {
    const [answer] = await system.databases.rows<{ done: boolean }>(AUDITOR, IS_COMPARED, [
      row?.now,
    ]);
    if (answer?.done === true) return true;
    await pause(1_000, ended);
  }
  return false;
}

function inWords({ kind, subject, evidence, opened_at }: AuditFindingDto): string {
  return `the auditor has a finding without a planted cause: ${kind} about ${subject} at ${opened_at}: ${JSON.stringify(evidence).slice(0, 600)}`;
}
