import type { RefusalBasis } from '@sluice/connector-rules';

/** The column `submission.refusal`. Rows from before the basis was stored have none, which counts as ambiguous. */
export interface StoredRefusal {
  readonly basis?: RefusalBasis;
  readonly reason: string;
  readonly venueCode: string | null;
  readonly message: string;
}
