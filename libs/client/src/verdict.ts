import {
  apiErrorOf,
  RateLimitError,
  ReferenceReusedError,
  ServiceUnavailableError,
  SignatureUsedError,
  UnfinishedError,
  WithdrawalFailedError,
  type ApiError,
} from './api-errors.js';
import type { Envelope, Exchange } from './exchange.js';

/** What one exchange proves. */
export type Verdict =
  | { readonly kind: 'done'; readonly envelope: Envelope }
  /** It will not be done. `final`: whatever became of an earlier attempt with the same reference. */
  | { readonly kind: 'refused'; readonly error: ApiError; readonly final: boolean }
  /** Proven not to be on record, for a reason that passes. */
  | { readonly kind: 'not_taken'; readonly error: ApiError; readonly waitMs: number | null }
  /** Everything else, and the default. */
  | { readonly kind: 'unknown'; readonly cause: unknown; readonly waitMs: number | null };

const PASSES = [SignatureUsedError, RateLimitError, ServiceUnavailableError];
const MINUTE_MS = 60_000;

/** `waitMs`: what the API asks for, null where it says nothing. */
export function verdictOf(exchange: Exchange, unixMs: number): Verdict {
  if (exchange.kind === 'unanswered')
    return { kind: 'unknown', cause: exchange.cause, waitMs: null };
  const { status, envelope, retryAfter, requestId } = exchange;
  if (envelope.success) return { kind: 'done', envelope };

  const error = apiErrorOf({ status, message: envelope.message, data: envelope.data, requestId });
  const waitMs = retryAfterMs(retryAfter, unixMs);
  if (error instanceof UnfinishedError) return { kind: 'unknown', cause: error, waitMs };
  if (error instanceof RateLimitError)
    return { kind: 'not_taken', error, waitMs: waitMs ?? untilNextMinute(unixMs) };
  if (status === 408 || PASSES.some((passing) => error instanceof passing))
    return { kind: 'not_taken', error, waitMs };
  return { kind: 'refused', error, final: isFinal(error) };
}

/** The reference is on record, and this is what has become of it: no request with it can do anything else. */
export function isFinal(error: ApiError): boolean {
  if (error instanceof WithdrawalFailedError) return error.withdrawalId !== null;
  return error instanceof ReferenceReusedError;
}

/** `Retry-After` in milliseconds: seconds, or a date (RFC 9110). */
export function retryAfterMs(header: string | null, unixMs: number): number | null {
  if (header === null) return null;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1_000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - unixMs);
}

/** A key's limit is for a clock minute, and its answer says no `Retry-After`. */
function untilNextMinute(unixMs: number): number {
  return MINUTE_MS - (unixMs % MINUTE_MS);
}

const FIRST_MS = 250;
const LONGEST_MS = 8_000;

/** The pause after so many attempts: doubled each time, and between half and all of it, so that clients do not come back together. */
export function backoffMs(attempts: number, random: number): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** (attempts - 1));
  return full / 2 + (full / 2) * random;
}
