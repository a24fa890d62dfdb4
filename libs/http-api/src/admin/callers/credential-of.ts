import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiError } from '../../http/api-error.js';
import type { AdminRequest } from './admin-request.js';

/**
 * Parameter decorator for the caller's credential, used by a service to call another service in the
 * caller's name.
 */
export const CredentialOf = createParamDecorator((_: unknown, context: ExecutionContext): string =>
  credentialOf(context.switchToHttp().getRequest<AdminRequest>()),
);

/** Returns the bearer credential. Throws ApiError if the request has none. */
export function credentialOf({ headers }: AdminRequest): string {
  const [, credential] = /^Bearer (.+)$/i.exec(headers.authorization ?? '') ?? [];
  if (credential !== undefined) return credential;
  throw new ApiError(401, 'A token is required: Authorization: Bearer …');
}
