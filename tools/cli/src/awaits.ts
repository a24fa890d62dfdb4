import { cell } from './render/cell.js';
import type { Row } from './row.js';

const AT_VENUE: readonly unknown[] = [
  'submitting',
  'uncertain',
  'undecided',
  'submitted',
  'broadcast',
];
/** Where the connector knows better than intake-api what is waited for: a place in its queue, a halt, or a person. */
const REPORTED_BY_CONNECTOR: readonly unknown[] = ['prepared', 'refusing', 'undecided', 'disputed'];

/** What a withdrawal really waits for. `undefined`: its connector could not be asked; null: it has no submission of it. */
export function awaitsOf(
  { awaits, state, venue }: Row,
  submission: Row | null | undefined,
): unknown {
  if (submission === undefined || !AT_VENUE.includes(state)) return awaits;
  if (submission === null) return withoutSubmission(state, cell(venue));
  return REPORTED_BY_CONNECTOR.includes(submission['state']) ? submission['awaited'] : awaits;
}

function withoutSubmission(state: unknown, venue: string): string {
  if (state === 'submitting')
    return `connector-${venue} to take the order: it has no submission of it yet; after a while intake-api gives the order again`;
  return `a person: connector-${venue} has no submission of it any more, though the venue has had it; ask the venue what it has paid`;
}
