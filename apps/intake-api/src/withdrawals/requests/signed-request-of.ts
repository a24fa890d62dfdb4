import { ApiError, rawBodyOf } from '@sluice/http-api';
import { SIGNED_ROUTE, type SignedRequest } from '@sluice/messages';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { AuthenticatedRequest } from '../../api-keys/authenticated-request.js';
import type { ApiKey } from '../../api-keys/key-store.js';
import type { SignatureUse } from '../../api-keys/signature-use.js';

export interface Submission {
  readonly caller: ApiKey;
  readonly arrivedAtMs: number;
  /** Parts of an Ed25519-signed request, verified by the ledger; null for HMAC keys. */
  readonly signedRequest: SignedRequest | null;
  readonly signatureUse: SignatureUse;
}

export const Submitted = createParamDecorator((_data: unknown, context: ExecutionContext) => {
  const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
  const { apiKey: caller, arrivedAtMs, signatureUse } = request;
  const signedRequest = signedRequestOf(request);
  return { caller, arrivedAtMs, signedRequest, signatureUse } satisfies Submission;
});

/** Throws 422 for a path other than the exact path, which the ledger would refuse. */
function signedRequestOf(request: AuthenticatedRequest): SignedRequest | null {
  const { apiKey, headers, raw } = request;
  if (apiKey.algorithm !== 'ed25519') return null;
  if (raw.url !== SIGNED_ROUTE.path)
    throw ApiError.invalid([`path: Input should be ${SIGNED_ROUTE.path}, without a query`]);
  return {
    keyId: apiKey.keyId,
    timestamp: String(headers['x-cpg-timestamp']),
    body: rawBodyOf(request).toString('utf8'),
    signature: String(headers['x-cpg-signature']),
  };
}

/** Ed25519 keys need the reference in the signed body: only it identifies a repeat. */
export function requireSignedReference(
  { algorithm }: Pick<ApiKey, 'algorithm'>,
  { client_reference: reference }: { readonly client_reference?: string | null },
): void {
  if (algorithm === 'ed25519' && (reference === undefined || reference === null))
    throw ApiError.invalid(['client_reference: Field required in the body under an Ed25519 key']);
}
