import { NumberText } from '@sluice/kernel';
import { ApiError, parseJsonBody, readFields } from '@sluice/http-api';
import { SIGNED_ROUTE, type SignedRequest } from '@sluice/messages';
import type { WithdrawalRequest } from '@sluice/withdrawal-core';
import { isInWindow, provenBy } from '../../api-keys/authenticator.js';
import type { ApiKey } from '../../api-keys/key-store.js';
import { PublicError } from '../../http/public-error.js';
import { CreateWithdrawalDto, requestOf } from '../requests/create-withdrawal.dto.js';
import { SignedWithdrawalDto } from './batch.dto.js';

/** Item of a batch, as a separate request. */
export interface BatchItem {
  readonly request: WithdrawalRequest;
  readonly reference: string;
  readonly signedRequest: SignedRequest | null;
}

/**
 * Reads an item of a batch. Under an Ed25519 key each item has a separate signature, verified by
 * the ledger: the signature of the batch proves no single withdrawal. Throws ApiError for all
 * refusals of a single request.
 */
export function batchItem(value: unknown, caller: ApiKey, nowMs: number): BatchItem {
  const fields = fieldsOf(value);
  const signed = caller.algorithm === 'ed25519' ? signedItem(fields, caller, nowMs) : null;
  const body = readFields(
    CreateWithdrawalDto,
    signed === null ? fields : parseJsonBody('application/json', Buffer.from(signed.body)),
  );
  const request = requestOf(body);
  if (request.clientReference === null)
    throw ApiError.invalid(['client_reference: Field required in a batch']);
  return { request, reference: request.clientReference, signedRequest: signed };
}

function signedItem(
  fields: Readonly<Record<string, unknown>>,
  caller: ApiKey,
  nowMs: number,
): SignedRequest {
  const { timestamp, body, signature } = readFields(SignedWithdrawalDto, fields);
  if (!isInWindow(timestamp, nowMs)) throw PublicError.of('outside_window');
  const request = { ...SIGNED_ROUTE, timestamp, body };
  if (provenBy(caller, request, signature, nowMs) === null)
    throw PublicError.of('invalid_signature');
  return { keyId: caller.keyId, timestamp, body, signature };
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw ApiError.invalid(['withdrawal: Input should be a valid object']);
  if (value instanceof NumberText)
    throw ApiError.invalid(['withdrawal: Input should be a valid object']);
  return value as Readonly<Record<string, unknown>>;
}

/** Returns the item's reference, if readable, to match the answer to the item. */
export function referenceIn(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return null;
  const { client_reference: reference } = value as Readonly<Record<string, unknown>>;
  return typeof reference === 'string' ? reference : null;
}
