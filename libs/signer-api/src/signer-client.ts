import { AdminError, AdminHttp, type AdminTarget } from '@sluice/admin-client';
import { MOST_ASKED, type ClosedWithdrawalDto, type GivenNonceDto } from './given-nonce.dto.js';
import { MOST_SIGNED_AT_ONCE, type BatchSignatureDto } from './signature-batch.dto.js';
import type { SignatureDto, SignatureRequestDto } from './signature.dto.js';
import { passesByItself, refusalNamed, type SignerRefusal } from './signer-refusals.js';

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
const WITHIN_MS = 10_000;
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
      const { raw, hash } = await this.http.call<SignatureDto>(SIGNATURES, [request], WITHIN_MS);
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
      const answers = await this.http.call<readonly BatchSignatureDto[]>(BATCH, [body], WITHIN_MS);
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
