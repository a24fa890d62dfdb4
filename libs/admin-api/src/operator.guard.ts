import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { ApiError } from '@sluice/http-api';
import { constantTimeEqual } from '@sluice/signing';
import type { FastifyRequest } from 'fastify';

/** The token that lets operators in. */
export interface OperatorToken {
  reveal(): string;
}

export const OPERATOR_TOKEN = Symbol('OperatorToken');

/** Lets in whoever brings the operators' bearer token. */
@Injectable()
export class OperatorGuard implements CanActivate {
  constructor(@Inject(OPERATOR_TOKEN) private readonly token: OperatorToken) {}

  canActivate(context: ExecutionContext): boolean {
    const { headers } = context.switchToHttp().getRequest<FastifyRequest>();
    const given = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? '';
    if (constantTimeEqual(given, this.token.reveal())) return true;
    throw new ApiError(401, 'Operator token is missing or wrong');
  }
}
