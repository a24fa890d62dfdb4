import { AdminError, AdminHttp, type AdminTarget } from '@sluice/admin-client';
import {
  type BatchSignatureDto,
  type ClosedWithdrawalDto,
  type GivenNonceDto,
  MOST_ASKED,
  MOST_SIGNED_AT_ONCE,
  type SignatureDto,
  type SignatureRequestDto,
} from './signature.dto.js';

export type SignOutcome =
  | { readonly kind: 'signed'; readonly raw: string; readonly hash: string }
  /**
   * The signer will never sign this request. `refusal` is null if the form of the request was
   * refused.
   */
  | { readonly kind: 'refused'; readonly refusal: SignerRefusal | null; readonly message: string }
  /**
   * The signer is unavailable or at a limit. The signer may have signed; a retry returns the same
   * signature.
   */
  | { readonly kind: 'not_now'; readonly message: string };

const SIGNATURES = 'POST /internal/signatures';
const BATCH = `${SIGNATURES}/batch`;
/** Timeout of a signature; hardware keys are slow. */
const WITHIN = { timeoutMs: 10_000 };
/** Statuses that concern the list or the body as a whole, and decide about no request. */
const SINGLY_AFTER: ReadonlySet<number> = new Set([413, 422]);

/** Client of the signer. The same request always gets the same signature, also on retry. */
export class SignerClient {
  private readonly http: AdminHttp;

  constructor(target: AdminTarget) {
    this.http = new AdminHttp(target);
  }

  async sign(request: SignatureRequestDto): Promise<SignOutcome> {
    try {
      const { raw, hash } = await this.http.call<SignatureDto>(SIGNATURES, [request], WITHIN);
      return { kind: 'signed', raw, hash };
    } catch (error) {
      if (!(error instanceof AdminError)) throw error;
      return outcomeOf(error);
    }
  }

  /**
   * Requests signatures in batches, and returns an outcome for each request, in order. `permit`: the
   * auditor's newest permit for the payments. A refused batch is sent again singly.
   */
  async signAll(
    requests: readonly SignatureRequestDto[],
    permit: string | null,
  ): Promise<readonly SignOutcome[]> {
    const parts = Array.from(
      { length: Math.ceil(requests.length / MOST_SIGNED_AT_ONCE) },
      (_, part) => requests.slice(part * MOST_SIGNED_AT_ONCE, (part + 1) * MOST_SIGNED_AT_ONCE),
    );
    return (await Promise.all(parts.map((part) => this.signPart(part, permit)))).flat();
  }

  /**
   * Returns the assigned nonces, in any order. A withdrawal without an entry was never signed.
   * Throws AdminError if the signer cannot answer.
   */
  async given(withdrawalIds: readonly string[]): Promise<readonly GivenNonceDto[]> {
    return this.ask<GivenNonceDto>('search', withdrawalIds);
  }

  /**
   * Closes withdrawals: no payment of them is signed any more, independent of the answer. Throws
   * AdminError if the signer cannot answer.
   */
  async close(withdrawalIds: readonly string[]): Promise<readonly ClosedWithdrawalDto[]> {
    return this.ask<ClosedWithdrawalDto>('closed', withdrawalIds);
  }

  private async signPart(
    requests: readonly SignatureRequestDto[],
    permit: string | null,
  ): Promise<readonly SignOutcome[]> {
    const outcomes = requests.length === 1 ? null : await this.signBatch(requests, permit);
    return (
      outcomes ?? Promise.all(requests.map((request) => this.sign(withPermit(request, permit))))
    );
  }

  /** Null if the requests must be sent singly. A failure of the whole batch decides about no request. */
  private async signBatch(
    requests: readonly SignatureRequestDto[],
    permit: string | null,
  ): Promise<readonly SignOutcome[] | null> {
    const body = { requests, ...(permit !== null && { permit }) };
    try {
      const answers = await this.http.call<readonly BatchSignatureDto[]>(BATCH, [body], WITHIN);
      return outcomesOf(answers, requests.length);
    } catch (error) {
      if (!(error instanceof AdminError)) throw error;
      const { failure, message } = error;
      if (failure.kind !== 'refused' || !SINGLY_AFTER.has(failure.status))
        return requests.map((): SignOutcome => ({ kind: 'not_now', message }));
      return null;
    }
  }

  private async ask<T>(verb: string, withdrawalIds: readonly string[]): Promise<readonly T[]> {
    const answers: T[] = [];
    for (let from = 0; from < withdrawalIds.length; from += MOST_ASKED)
      answers.push(
        ...(await this.http.call<readonly T[]>(`${SIGNATURES}/${verb}`, [
          { withdrawal_ids: withdrawalIds.slice(from, from + MOST_ASKED) },
        ])),
      );
    return answers;
  }
}

function withPermit(request: SignatureRequestDto, permit: string | null): SignatureRequestDto {
  return permit === null || request.kind !== 'payment' ? request : { ...request, permit };
}

/** Outcomes in the order of the requests. Answers out of place are used for no request. */
function outcomesOf(answers: readonly BatchSignatureDto[], count: number): readonly SignOutcome[] {
  const list: unknown = answers;
  const isWhole =
    Array.isArray(list) &&
    answers.length === count &&
    answers.every(({ index }, place) => index === place);
  if (!isWhole)
    return Array.from({ length: count }, (): SignOutcome => ({
      kind: 'not_now',
      message: 'signer: the answer does not fit the batch',
    }));
  return answers.map(({ status_code: status, message, data }): SignOutcome => {
    if (status === 200 && data !== null) return { kind: 'signed', raw: data.raw, hash: data.hash };
    return status >= 400 && status < 500
      ? refusedOutcome(status, message)
      : { kind: 'not_now', message: `signer: ${message}` };
  });
}

/**
 * Maps an error to an outcome. An unknown credential is a wrong setting and no decision about the
 * withdrawal.
 */
function outcomeOf({ failure, message: whole }: AdminError): SignOutcome {
  return failure.kind === 'refused'
    ? refusedOutcome(failure.status, failure.message)
    : { kind: 'not_now', message: whole };
}

function refusedOutcome(status: number, message: string): SignOutcome {
  const refusal = refusalNamed(message);
  if (refusal !== null && !passesByItself(refusal)) return { kind: 'refused', refusal, message };
  return refusal === null && status === 422
    ? { kind: 'refused', refusal, message }
    : { kind: 'not_now', message };
}

/**
 * All refusals of the signer, with status and message. Status 422: invalid request; 403: never
 * allowed; 409: refused in the current state.
 */
export const SIGNER_REFUSALS = {
  network_unknown: [422, 'network: It is not configured here'],
  asset_unknown: [422, 'asset: It is not paid on that network'],
  amount_too_fine: [422, 'amount: It has more decimals than the asset'],
  destination_malformed: [
    422,
    'destination.address: Input should be an address of the chain with its checksum',
  ],
  memo_unknown: [422, 'destination.memo: The chain knows none'],
  tip_above_fee: [422, 'max_priority_fee_per_gas: It is above max_fee_per_gas'],
  sender_unknown: [403, 'from: It is no wallet of ours that may send this'],
  account_foreign: [403, 'from: It pays for another account'],
  destination_ours: [
    403,
    'destination: The recipient is a wallet of ours, a token contract or the zero address',
  ],
  top_up_elsewhere: [403, 'to: It is no hot wallet of that network'],
  digest_wrong: [403, 'digest: The terms make another one'],
  receipt_wrong: [403, 'receipt: The receipt of the ledger for this order is missing or wrong'],
  receipt_expired: [403, 'receipt: It has ended before anything was signed for this order'],
  withdrawal_closed: [403, 'withdrawal_id: It is closed, and no payment of it is signed any more'],
  fee_too_high: [403, 'max_fee_per_gas: It is above what this chain is configured for'],
  gas_too_high: [403, 'gas_limit: It is above what a plain transfer is ever given'],
  cost_too_high: [403, 'gas_limit: With max_fee_per_gas it may cost more than one transaction may'],
  uncapped: [403, 'asset: No release defines a cap for this asset'],
  amount_too_high: [403, 'amount: It is above what may be signed at once'],
  nonce_taken: [409, 'nonce: It was signed for something else'],
  nonce_too_high: [409, 'nonce: It is too far above the highest of its address'],
  nonce_final: [
    409,
    'nonce: It is so far below the highest of its address that it counts as final',
  ],
  withdrawal_elsewhere: [409, 'withdrawal_id: It was signed under another nonce'],
  hour_is_full: [409, 'amount: As much as an hour may sign is signed'],
  gas_hour_is_full: [409, 'gas_limit: As much gas as an hour may cost is signed'],
  not_permitted: [
    409,
    'permit: The auditor does not permit this payment now: the permit is missing, ended, withdrawn or not authentic',
  ],
  records_altered: [
    409,
    'The records of signed nonces were altered: nothing is signed until an operator has restored them',
  ],
} as const satisfies Readonly<Record<string, readonly [status: number, message: string]>>;

export type SignerRefusal = keyof typeof SIGNER_REFUSALS;

const NAMES = new Map<string, SignerRefusal>(
  Object.entries(SIGNER_REFUSALS).map(([name, [, message]]) => [message, name as SignerRefusal]),
);
/** Temporary refusals: a later retry may succeed. */
const PASSING: ReadonlySet<SignerRefusal> = new Set([
  'hour_is_full',
  'gas_hour_is_full',
  'nonce_too_high',
  'records_altered',
  'not_permitted',
]);

/**
 * Returns the refusal with this message; null for a malformed request, and for an unknown refusal
 * of another release.
 */
function refusalNamed(message: string): SignerRefusal | null {
  return NAMES.get(message) ?? null;
}

/** True if the same request may be signed later. */
function passesByItself(refusal: SignerRefusal): boolean {
  return PASSING.has(refusal);
}
