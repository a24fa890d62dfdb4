import { ApiError } from '@sluice/http-api';
import type { Result } from '@sluice/kernel';
import type { BeforeCheckpoint } from '../postgres/ledger-queries.js';

/** Throws 410 for a moment before the newest checkpoint: the journal of this period is detached. */
export function unlessDetached<T>(asked: Result<T, BeforeCheckpoint>): T {
  if (asked.ok) return asked.value;
  throw new ApiError(
    410,
    `The journal before ${asked.refusal.until} is detached: earlier balances of an account are not known here`,
  );
}
