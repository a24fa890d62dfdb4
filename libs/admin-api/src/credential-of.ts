import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiError } from '@sluice/http-api';
import type { AdminRequest } from './admin-request.js';

/** What the caller proves itself by, for a service that asks another one in the caller's name. */
export const CredentialOf = createParamDecorator((_: unknown, context: ExecutionContext): string =>
  credentialOf(context.switchToHttp().getRequest<AdminRequest>()),
);

/** Throws ApiError when there is none. */
export function credentialOf({ headers }: AdminRequest): string {
  const [, credential] = /^Bearer (.+)$/i.exec(headers.authorization ?? '') ?? [];
  if (credential !== undefined) return credential;
  throw new ApiError(401, 'A token is required: Authorization: Bearer …');
}
