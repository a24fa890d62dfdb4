import { setTimeout as sleep } from 'node:timers/promises';
import type { AuditFindingDto } from '@sluice/http-api';
import type { ScheduledFault } from '../schedule/fault.js';
import type { AdminClients } from '../system/admin-clients.js';
import { AUDITOR, hasService } from '../system/names.js';
import type { SystemUnderTest } from '../system/system-under-test.js';
import { expectedFindings } from './expected-findings.js';

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
  if (!hasService(system.options.code, AUDITOR)) return [];
  const isCompared = await untilCompared(system, ended);
  const findings = await admin.auditor((auditor) => auditor.findings());
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
    await sleep(1_000, undefined, { signal: ended }).catch(() => undefined);
  }
  return false;
}

function inWords({ kind, subject, evidence, opened_at }: AuditFindingDto): string {
  return `the auditor has a finding without a planted cause: ${kind} about ${subject} at ${opened_at}: ${JSON.stringify(evidence).slice(0, 600)}`;
}
