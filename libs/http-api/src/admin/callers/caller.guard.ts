import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { ApiError } from '../../http/api-error.js';
import { credentialOf } from './credential-of.js';
import type { AdminRequest } from './admin-request.js';
import type { Caller } from './caller.js';
import { refusalOf, requirementsOf } from './requires.js';

/** Authenticates a call by the credential. */
export interface Callers {
  /**
   * Returns the caller. Throws ApiError: 401 for an invalid credential, 503 while the credential
   * cannot be checked.
   */
  prove(credential: string): Promise<Caller>;
}

export const CALLERS = Symbol('Callers');

/**
 * Admits the permitted callers of a route. Only this guard decides; the admitted or refused caller
 * is stored on the request.
 */
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
    request.caller = { ...caller, callId: request.id };
    return true;
  }
}
