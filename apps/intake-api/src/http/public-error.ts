import { ApiExtension } from '@nestjs/swagger';
import { ApiError } from '@sluice/http-api';
import { type PolicyRefusal, REASON_SENTENCES, type ReasonCode } from '@sluice/withdrawal-core';
import { restTime } from './rest-time.js';

/** All refusals of the public API, with stable messages; see docs/api.md, "Failures". */
export const PUBLIC_ERRORS = {
  missing_headers: [401, 'Missing authentication headers'],
  outside_window: [401, 'Request timestamp is outside the allowed window'],
  invalid_key: [401, 'Invalid API key'],
  invalid_signature: [401, 'Invalid signature'],
  signature_used: [401, 'Request signature has already been used'],
  ip_not_allowed: [403, 'Source IP is not allowed for this API key'],
  rate_limited: [429, 'Rate limit exceeded'],
  permission_missing: [403, 'API key does not have the required permission'],
  network_not_found: [404, 'Network not found'],
  currency_not_found: [404, 'Currency not found'],
  not_enabled: [403, 'Withdrawals for this currency are not enabled for this account'],
  order_not_signed: [403, 'Withdrawals of this account have to be signed with one of its own keys'],
  policy_denied: [403, 'The spending policy does not allow this withdrawal'],
  limit_exceeded: [403, 'Withdrawal exceeds a limit of the spending policy'],
  invalid_address: [400, 'The address format is invalid for this network'],
  lost_address: [400, 'Nobody could spend what is sent to this address'],
  own_address: [400, 'This address is a paying address of the gateway'],
  below_minimum: [400, 'Withdrawal amount is below the minimum allowed'],
  insufficient_funds: [400, 'Insufficient available balance for this withdrawal'],
  reference_reused: [409, 'client_reference was already used with different parameters'],
  hot_wallet_not_allocated: [
    404,
    'Hot wallet has not been allocated for this network. Enable at least one currency first.',
  ],
  withdrawal_not_found: [404, 'Withdrawal not found'],
  webhook_not_found: [404, 'Webhook not found'],
  too_many_webhooks: [409, 'An account may have 50 webhooks'],
  webhook_paused: [409, 'This webhook is paused'],
  secret_being_replaced: [409, 'The secret of this webhook is being replaced already'],
  idempotency_key_used: [409, 'Idempotency-Key was already used'],
  delivery_not_found: [404, 'Delivery not found'],
  delivery_under_way: [409, 'This delivery is being sent'],
  address_not_found: [404, 'Address not found'],
  address_book_full: [409, 'An address book may have 10,000 entries'],
  address_by_another_key: [409, 'Another API key has to confirm this address'],
  address_by_a_person: [409, 'An operator has to confirm this address'],
  address_not_waiting: [409, 'This address does not wait for a confirmation'],
  too_late_to_cancel: [409, 'Withdrawal can no longer be cancelled'],
  no_hot_wallet: [502, 'No hot wallet configured for this network'],
  broadcast_failed: [502, 'Failed to broadcast withdrawal transaction'],
  key_halted: [403, 'Withdrawals with this API key are halted'],
  halted: [503, 'Withdrawals are halted'],
  overloaded: [503, 'Too many requests at this moment'],
  unavailable: [503, 'Service temporarily unavailable'],
  still_in_progress: [504, 'Withdrawal submission is still in progress'],
  not_found: [404, 'Not found'],
  method_not_allowed: [405, 'Method not allowed'],
  body_too_large: [413, 'Request body too large'],
  bad_request: [400, 'Bad request'],
  not_json: [415, 'Content-Type must be application/json'],
  other_charset: [415, 'Content-Type must have the charset utf-8, or none'],
  encoded_body: [415, 'Content-Encoding must be identity, or absent'],
  internal: [500, 'Internal server error'],
} as const satisfies Record<string, readonly [number, string]>;

export type PublicErrorKind = keyof typeof PUBLIC_ERRORS;

export class PublicError extends ApiError {
  static of(kind: PublicErrorKind, headers: Readonly<Record<string, string>> = {}): PublicError {
    const [status, message] = PUBLIC_ERRORS[kind];
    return new PublicError(status, message, headers);
  }

  /** The contract's answer to a failed withdrawal, with number and reason. */
  static failed({ number, reason }: { number: string; reason: ReasonCode | null }): PublicError {
    const [status, message] = PUBLIC_ERRORS.broadcast_failed;
    const data = {
      withdrawal_id: Number(number),
      error_code: reason,
      error_message: reason && REASON_SENTENCES[reason],
    };
    return new PublicError(status, message, {}, data);
  }

  /**
   * Refusal by the spending policy, with the rule, and a limit's rest and time if the ledger named
   * them.
   */
  static byPolicy(
    kind: 'policy_denied' | 'limit_exceeded',
    refusal: PolicyRefusal | null,
  ): PublicError {
    if (refusal === null) return PublicError.of(kind);
    const [status, message] = PUBLIC_ERRORS[kind];
    const { rule, remaining, unit, freesAt } = refusal;
    const frees_at = freesAt === null ? null : restTime(inWholeSeconds(freesAt));
    const data = kind === 'policy_denied' ? { rule } : { rule, remaining, unit, frees_at };
    return new PublicError(status, message, {}, data);
  }

  /** The cancel request has no effect, for this reason. */
  static notCancelled(because: string): PublicError {
    const [status, message] = PUBLIC_ERRORS.too_late_to_cancel;
    return new PublicError(status, `${message}: ${because}`);
  }
}

/** Rounds a time up to a second: at the shown time the limit allows the amount. */
function inWholeSeconds(time: string): Date {
  return new Date(Math.ceil(Date.parse(time) / 1_000) * 1_000);
}

/** Extension field of the OpenAPI document, expanded to responses before publication. */
const REFUSALS_EXTENSION = 'x-refusals';

/** Declares the handler's own refusals; `reference/document/refusals.ts` adds the common ones. */
export function MayRefuse(...kinds: readonly PublicErrorKind[]): MethodDecorator {
  return ApiExtension(REFUSALS_EXTENSION, kinds);
}

/** Marks an addition to the gateway's original contract. All additions are backward compatible. */
export function Ours(): MethodDecorator {
  return ApiExtension('x-ours', true);
}
