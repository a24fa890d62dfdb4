import { ApiError } from '@sluice/http-api';
import { SIGNER_REFUSALS } from '@sluice/signer-api';
import type { NonceRecords } from '../records/nonce-records.js';

/** Throws the refusal for altered records. */
export function requireTrusted(records: NonceRecords): void {
  if (records.fault === null) return;
  const [status, message] = SIGNER_REFUSALS.records_altered;
  throw new ApiError(status, message);
}
