import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { ApiError } from '@sluice/http-api';
import { constantTimeEqual } from '@sluice/signing';
import type { AdminRequest } from './admin-request.js';
import { ROLES } from './caller.js';

/** The token that lets operators in. */
export interface OperatorToken {
  reveal(): string;
}

export const OPERATOR_TOKEN = Symbol('OperatorToken');

/** Lets in whoever brings the operators' bearer token, under the name that it gives. */
@Injectable()
export class OperatorGuard implements CanActivate {
  constructor(@Inject(OPERATOR_TOKEN) private readonly token: OperatorToken) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<AdminRequest>();
    const given = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    if (!constantTimeEqual(given, this.token.reveal()))
      throw new ApiError(401, 'Operator token is missing or wrong');
    const as = request.headers['x-sluice-operator'];
    request.caller = {
      kind: 'person',
      name: typeof as === 'string' && /^[\w .@-]{1,128}$/.test(as) ? as : 'operator',
      roles: ROLES,
    };
    return true;
  }
}
