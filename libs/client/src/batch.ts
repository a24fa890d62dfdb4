import { apiErrorOf, UnfinishedError, type ApiError } from './api-errors.js';
import { OutcomeUnknownError } from './errors.js';
import { isListOf } from './page.js';
import type { OwnKey, RequestSigner, SecretKey } from './request-signature.js';
import { TAKEN_FOR_MS } from './signed-calls.js';
import { unixMs } from './system-clock.js';
import { isFinal } from './verdict.js';
import { isWithdrawal, withdrawalOf, type Withdrawal, type WithdrawalOrder } from './withdrawal.js';

/** Result of an order in a batch: the result or the error of `create`. */
export type BatchResult =
  | { readonly ok: true; readonly client_reference: string; readonly withdrawal: Withdrawal }
  | {
      readonly ok: false;
      readonly client_reference: string;
      readonly error: ApiError | OutcomeUnknownError;
    };

interface BatchRow {
  readonly success: boolean;
  readonly status_code: number;
  readonly message: string;
  readonly data?: unknown;
  /** Data of a refusal by the spending policy. */
  readonly refusal?: unknown;
}

/** True if each of the `orders` orders has a readable row. */
export function isBatchAnswer(data: unknown, orders: number): boolean {
  return isListOf(isRow)(data) && (data as readonly unknown[]).length === orders;
}

function isRow(row: unknown): boolean {
  if (typeof row !== 'object' || row === null) return false;
  const { success, status_code, message, data } = row as Record<keyof BatchRow, unknown>;
  if (success === true) return isWithdrawal(data);
  return success === false && typeof status_code === 'number' && typeof message === 'string';
}

/** `settlesAt`: until when an earlier attempt of the batch may still arrive; a refusal is no proof before. */
export function batchResult(
  row: unknown,
  client_reference: string,
  settlesAt: Date | null,
): BatchResult {
  const { success, status_code: status, message, data, refusal } = row as BatchRow;
  if (success)
    return { ok: true, client_reference, withdrawal: withdrawalOf(data, client_reference) };
  const error = apiErrorOf({ status, message, data: refusal ?? data });
  if (isFinal(error) || (settlesAt === null && !(error instanceof UnfinishedError)))
    return { ok: false, client_reference, error };
  const unknown = new OutcomeUnknownError('its order in a batch', {
    references: [client_reference],
    cause: error,
    settlesAt: settlesAt ?? new Date(unixMs() + TAKEN_FOR_MS),
  });
  return { ok: false, client_reference, error: unknown };
}

/**
 * Returns a function to convert orders to batch items. With an own key each order is signed
 * individually like a single request. The signature of the batch proves nothing about a single
 * order.
 */
export function batchItem(
  credentials: SecretKey | OwnKey,
  signer: RequestSigner,
): (order: WithdrawalOrder) => object {
  if ('secret' in credentials) return (order) => order;
  return (order) => {
    const timestamp = String(Math.floor(unixMs() / 1_000));
    const body = JSON.stringify(order);
    const signed = { timestamp, method: 'POST', path: '/v1/withdrawals', query: '', body };
    return { timestamp, body, signature: signer.sign(signed) };
  };
}
