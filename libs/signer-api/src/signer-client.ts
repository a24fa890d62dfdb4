import { AdminError, AdminHttp, type AdminTarget } from '@sluice/admin-client';
import { MOST_ASKED, type ClosedWithdrawalDto, type GivenNonceDto } from './given-nonce.dto.js';
import type { SignatureDto, SignatureRequestDto } from './signature.dto.js';
import { passesByItself, refusalNamed, type SignerRefusal } from './signer-refusals.js';

export type SignOutcome =
  | { readonly kind: 'signed'; readonly raw: string; readonly hash: string }
  /** It will never be signed. `refusal` is null where the form of the request was refused. */
  | { readonly kind: 'refused'; readonly refusal: SignerRefusal | null; readonly message: string }
  /** Not now: the signer is away or full. It may have signed; asked again, it gives the same. */
  | { readonly kind: 'not_now'; readonly message: string };

const SIGNATURES = '/internal/signatures';
/** Hardware takes its time. */
const WITHIN_MS = 10_000;

/** Asks the signer. The same request always gets the same signature, however often it is asked. */
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

  /** Of those that have a nonce, in any order; all others were never signed. Throws AdminError where the signer cannot say. */
  async given(withdrawalIds: readonly string[]): Promise<readonly GivenNonceDto[]> {
    return this.ask<GivenNonceDto>('search', withdrawalIds);
  }

  /** No payment of these is signed any more, whatever the answer is. Throws AdminError where the signer cannot say. */
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

/** A credential that the signer does not know is a setting that somebody repairs, and no word on the withdrawal. */
function outcomeOf({ failure, message: whole }: AdminError): SignOutcome {
  if (failure.kind !== 'refused') return { kind: 'not_now', message: whole };
  const { status, message } = failure;
  const refusal = refusalNamed(message);
  if (refusal !== null && !passesByItself(refusal)) return { kind: 'refused', refusal, message };
  return refusal === null && status === 422
    ? { kind: 'refused', refusal, message }
    : { kind: 'not_now', message };
}
