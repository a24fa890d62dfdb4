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
import type { AnswerEnvelope, Exchange } from './exchange.js';

/** Conclusion from an exchange. */
export type Verdict =
  | { readonly kind: 'done'; readonly envelope: AnswerEnvelope }
  /**
   * The request will not be executed. `final`: the rejection is valid regardless of any earlier
   * attempt with the same reference.
   */
  | { readonly kind: 'refused'; readonly error: ApiError; readonly final: boolean }
  /** Proven to have no record, for a temporary reason. */
  | { readonly kind: 'not_taken'; readonly error: ApiError; readonly waitMs: number | null }
  /** All other cases; the default. */
  | { readonly kind: 'unknown'; readonly cause: unknown; readonly waitMs: number | null };

const PASSES = [SignatureUsedError, RateLimitError, ServiceUnavailableError];
const MINUTE_MS = 60_000;

/** Evaluates an exchange. `waitMs` is the pause requested by the API; null if unspecified. */
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

/**
 * True if the reference is on record with this outcome: no request with the reference can have
 * another effect.
 */
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

/**
 * Time until the next clock minute (ms). A key's limit applies per clock minute, and the response
 * has no `Retry-After`.
 */
function untilNextMinute(unixMs: number): number {
  return MINUTE_MS - (unixMs % MINUTE_MS);
}

const FIRST_MS = 250;
const LONGEST_MS = 8_000;

/**
 * Pause after a number of attempts (ms): doubled each time, and random between half and full to
 * spread the retries of clients.
 */
export function backoffMs(attempts: number, random: number): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** (attempts - 1));
  return full / 2 + (full / 2) * random;
}
