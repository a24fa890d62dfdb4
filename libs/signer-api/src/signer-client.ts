import { AdminError, AdminHttp, type AdminTarget } from '@sluice/admin-client';
import { MOST_ASKED, type ClosedWithdrawalDto, type GivenNonceDto } from './given-nonce.dto.js';
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

const SIGNATURES = '/internal/signatures';
/** Timeout of a signature; hardware keys are slow. */
const WITHIN_MS = 10_000;

/** Client of the signer. The same request always gets the same signature, also on retry. */
export class SignerClient {
  private readonly http: AdminHttp;

  constructor(target: AdminTarget) {
    this.http = new AdminHttp(target);
  }

  async sign(request: SignatureRequestDto): Promise<SignOutcome> {
    try {
      const { raw, hash } = await this.http.post<SignatureDto>(SIGNATURES, request, WITHIN_MS);
      return { kind: 'signed', raw, hash };
    } catch (error) {
      if (!(error instanceof AdminError)) throw error;
      return outcomeOf(error);
    }
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

  private async ask<T>(verb: string, withdrawalIds: readonly string[]): Promise<readonly T[]> {
    const answers: T[] = [];
    for (let from = 0; from < withdrawalIds.length; from += MOST_ASKED)
      answers.push(
        ...(await this.http.post<readonly T[]>(`${SIGNATURES}/${verb}`, {
          withdrawal_ids: withdrawalIds.slice(from, from + MOST_ASKED),
        })),
      );
    return answers;
  }
}

/**
 * Maps an error to an outcome. An unknown credential is a wrong setting and no decision about the
 * withdrawal.
 */
function outcomeOf({ failure, message: whole }: AdminError): SignOutcome {
  if (failure.kind !== 'refused') return { kind: 'not_now', message: whole };
  const { status, message } = failure;
  const refusal = refusalNamed(message);
  if (refusal !== null && !passesByItself(refusal)) return { kind: 'refused', refusal, message };
  return refusal === null && status === 422
    ? { kind: 'refused', refusal, message }
    : { kind: 'not_now', message };
}
