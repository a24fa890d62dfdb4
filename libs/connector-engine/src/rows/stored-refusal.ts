import type { RefusalBasis } from '@sluice/connector-rules';

/**
 * The column `submission.refusal`. Rows older than the stored basis have none and count as
 * ambiguous.
 */
export interface StoredRefusal {
  readonly basis?: RefusalBasis;
  readonly reason: string;
  readonly venueCode: string | null;
  readonly message: string;
}
