import { NumberText } from '@sluice/exact-json';
import { ApiError, parseJsonBody, readFields } from '@sluice/http-api';
import { SIGNED_ROUTE, type SignedRequest } from '@sluice/messages';
import type { WithdrawalRequest } from '@sluice/withdrawal-core';
import { isInWindow, provenBy } from '../../api-keys/authenticator.js';
import type { ApiKey } from '../../api-keys/key-store.js';
import { PublicError } from '../../http/public-error.js';
import { CreateWithdrawalDto, requestOf } from '../create-withdrawal.dto.js';
import { SignedWithdrawalDto } from './batch.dto.js';

/** One item as a request of its own. */
export interface BatchItem {
  readonly request: WithdrawalRequest;
  readonly reference: string;
  readonly signedRequest: SignedRequest | null;
}

/**
 * Reads one item of a batch. Under an Ed25519 key it carries its own signature, which the ledger checks for itself: that of the batch says
 * nothing of one withdrawal. Throws ApiError for what the request alone would be refused for.
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

/** What an item calls its reference, as far as that can be read, for whoever looks for the answer to it. */
export function referenceIn(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return null;
  const { client_reference: reference } = value as Readonly<Record<string, unknown>>;
  return typeof reference === 'string' ? reference : null;
}
