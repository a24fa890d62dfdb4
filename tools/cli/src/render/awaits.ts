import type { SubmissionHistoryDto, WithdrawalDto } from '@sluice/http-api';
import { NEXT_STEPS, withNextStep } from '@sluice/kernel';
import { connectorOf, HELD_AT_INTAKE } from '@sluice/messages';

const AT_VENUE = 'submitting uncertain undecided submitted broadcast'.split(' ');
/**
 * Connector states with a more exact cause of waiting than intake-api's: queue position, halt, or
 * person.
 */
const REPORTED_BY_CONNECTOR = 'prepared refusing undecided disputed'.split(' ');
const HELD: ReadonlySet<string | null> = new Set(Object.values(HELD_AT_INTAKE));

/**
 * Returns the actual cause of waiting. `submission`: `undefined` if the connector could not be
 * queried; null if the connector has no submission.
 */
export function awaitsOf(
  { awaits, state, venue }: Pick<WithdrawalDto, 'awaits' | 'state' | 'venue'>,
  submission: Pick<SubmissionHistoryDto, 'state' | 'awaited'> | null | undefined,
): string | null {
  if (submission === undefined || !AT_VENUE.includes(state)) return awaits;
  if (submission === null) return HELD.has(awaits) ? awaits : withoutSubmission(state, venue);
  const isExact =
    REPORTED_BY_CONNECTOR.includes(submission.state) ||
    submission.awaited.includes(`(next: ${NEXT_STEPS.nodes.command};`);
  return isExact ? submission.awaited : awaits;
}

/** True for a cause of waiting that the auditor's findings explain. */
export function awaitsAuditor(awaits: string | null): boolean {
  return awaits?.includes("auditor's permit") ?? false;
}

/** Open findings, as causes of waiting. */
export function openFindings(
  findings: readonly {
    readonly id: string | number;
    readonly kind: string;
    readonly subject: string;
    readonly closed_at: string | null;
  }[],
): readonly string[] {
  const open = findings.filter(({ closed_at: at }) => at === null);
  const named = open.map(({ id, kind, subject }) => `${id} (${kind}, ${subject})`);
  return open.length === 0 ? [] : [`open findings of the auditor: ${named.join(', ')}`];
}

function withoutSubmission(state: string, venue: string): string {
  if (state === 'submitting')
    return withNextStep(
      `${connectorOf(venue)} to take the order: it has no submission of it yet; after a while intake-api gives the order again`,
      'not_taken',
    );
  return withNextStep(
    `a person: ${connectorOf(venue)} has lost its submission, although the venue received it; check the payments of the venue`,
    'lost_submission',
  );
}
