import type { SubmissionsQuery } from '@sluice/http-api';
import type { SearchText } from '../../format/search-text.js';

/** States of a submission that a person filters by. */
export const SUBMISSION_STATES = [
  'prepared',
  'sending',
  'refusing',
  'accepted',
  'unknown',
  'repeating',
  'undecided',
  'disputed',
  'refused',
  'settled',
  'returned',
  'failed',
] as const;

/** Filter of submissions in the address; an unknown state is left out. */
export function submissionsQuery({ state }: SearchText): SubmissionsQuery {
  const known = SUBMISSION_STATES.find((one) => one === state);
  return known === undefined ? {} : { state: known };
}
