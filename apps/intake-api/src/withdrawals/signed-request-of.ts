import { ApiError, rawBodyOf } from '@sluice/http-api';
import { SIGNED_ROUTE, type SignedRequest } from '@sluice/messages';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { AuthenticatedRequest } from '../api-keys/authenticated-request.js';
import type { ApiKey } from '../api-keys/key-store.js';

/** What the ledger checks of a request under an Ed25519 key; null under another one, where nobody but intake-api could. */
export const SignedByCustomer = createParamDecorator((_data: unknown, context: ExecutionContext) =>
  signedRequestOf(context.switchToHttp().getRequest<AuthenticatedRequest>()),
);

/** Throws 422 for what the ledger would refuse though it is rightly signed: it knows one spelling of the route. */
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

/** A repeat is signed anew, so only its reference shows that it is one; and only what stands in the body is signed. */
export function requireSignedReference(
  { algorithm }: Pick<ApiKey, 'algorithm'>,
  { client_reference: reference }: { readonly client_reference?: string | null },
): void {
  if (algorithm === 'ed25519' && (reference === undefined || reference === null))
    throw ApiError.invalid(['client_reference: Field required in the body under an Ed25519 key']);
}
