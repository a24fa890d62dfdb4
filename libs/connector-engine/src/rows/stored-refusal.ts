import type { RefusalBasis } from '@sluice/connector-rules';

/**
 * The column `submission.refusal`. Rows older than the stored basis have none and count as
 * ambiguous. `foreign`: no refusal; another party answered for the venue, and the outcome is unknown.
 */
export interface StoredRefusal {
  readonly basis?: RefusalBasis | 'foreign';
  readonly reason: string;
  readonly venueCode: string | null;
  readonly message: string;
}
