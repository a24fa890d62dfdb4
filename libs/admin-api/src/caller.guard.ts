import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { ApiError } from '@sluice/http-api';
import type { AdminRequest } from './admin-request.js';
import type { Caller } from './caller.js';
import { refusalOf, requirementsOf } from './requires.js';

/** Finds out from its credential who makes a call. */
export interface Callers {
  /** Throws ApiError: 401 for a credential that proves nobody, 503 while it cannot be checked. */
  prove(credential: string): Promise<Caller>;
}

export const CALLERS = Symbol('Callers');

/** Lets in whom the route is for. It alone decides, and leaves on the request whom it let in or sent away. */
@Injectable()
export class CallerGuard implements CanActivate {
  constructor(@Inject(CALLERS) private readonly callers: Callers) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<AdminRequest>();
    const caller = await this.callers.prove(credentialOf(request));
    const refusal = refusalOf(caller, requirementsOf(context.getHandler()));
    if (refusal !== null) {
      request.refusedCaller = caller;
      throw new ApiError(403, refusal);
    }
    request.caller = caller;
    return true;
  }
}

function credentialOf({ headers }: AdminRequest): string {
  const [, credential] = /^Bearer (.+)$/i.exec(headers.authorization ?? '') ?? [];
  if (credential !== undefined) return credential;
  throw new ApiError(401, 'A token is required: Authorization: Bearer …');
}
