import type { SubmissionHistoryDto, WithdrawalDto } from '@sluice/http-api';
import { connectorOf } from '@sluice/messages';

const AT_VENUE = 'submitting uncertain undecided submitted broadcast'.split(' ');
/**
 * Connector states with a more exact cause of waiting than intake-api's: queue position, halt, or
 * person.
 */
const REPORTED_BY_CONNECTOR = ['prepared', 'refusing', 'undecided', 'disputed'];

/**
 * Returns the actual cause of waiting. `submission`: `undefined` if the connector could not be
 * queried; null if the connector has no submission.
 */
export function awaitsOf(
  { awaits, state, venue }: Pick<WithdrawalDto, 'awaits' | 'state' | 'venue'>,
  submission: Pick<SubmissionHistoryDto, 'state' | 'awaited'> | null | undefined,
): string | null {
  if (submission === undefined || !AT_VENUE.includes(state)) return awaits;
  if (submission === null) return withoutSubmission(state, venue);
  return REPORTED_BY_CONNECTOR.includes(submission.state) ? submission.awaited : awaits;
}

function withoutSubmission(state: string, venue: string): string {
  if (state === 'submitting')
    return `${connectorOf(venue)} to take the order: it has no submission of it yet; after a while intake-api gives the order again`;
  return `a person: ${connectorOf(venue)} has lost its submission, although the venue received it; check the payments of the venue`;
}
