import {
  applyDecorators,
  type CallHandler,
  type CanActivate,
  Controller,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  UseGuards,
  UseInterceptors,
  UsePipes,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { catchError, Observable } from 'rxjs';
import { EnvelopeInterceptor, ExactPipe, type Permission, rawBodyOf } from '@sluice/http-api';
import { forAccount } from '@sluice/postgres';
import { monotonicMs } from '@sluice/runtime';
import { ClientAddresses, RefusedCredentials } from '@sluice/service-shell';
import { PublicError, type PublicErrorKind } from '../http/public-error.js';
import { QueryGuard } from '../http/public-routes.js';
import { AuthenticateRequest, type ReceivedRequest } from './authenticate-request.js';
import {
  ADMITS_WITH_ORDER,
  type AuthenticatedRequest,
  REQUIRED_PERMISSION,
} from './authenticated-request.js';
import type { PendingAdmission } from './pending-admission.js';
import { SignatureUse } from './signature-use.js';
import { SourceAddressLimit } from './source-address-limit.js';

/**
 * The three authentication headers of every request, by name in the published document.
 * `reference/document/words.ts` describes each header.
 */
export const CREDENTIALS = { key: [], timestamp: [], signature: [] };

/**
 * Controller of the public API: requires signed requests, runs them in the scope of the caller's
 * account, uses the common envelope, and reads DTOs with the strict pipe.
 */
export function PublicController(path: string): ClassDecorator {
  return applyDecorators(
    Controller(path),
    UseGuards(AuthenticationGuard, QueryGuard),
    UsePipes(ExactPipe),
    UseInterceptors(SignatureUseInterceptor, AccountScopeInterceptor, EnvelopeInterceptor),
    ApiTags(path.split('/').at(1)?.replace(/^_/, '') ?? path),
    ApiSecurity(CREDENTIALS),
  );
}

/** Guard of all public routes: checks the address's rate limit first, and the signature second. */
@Injectable()
class AuthenticationGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly limit: SourceAddressLimit,
    private readonly addresses: ClientAddresses,
    private readonly refused: RefusedCredentials,
    private readonly authenticating: AuthenticateRequest,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const permission = this.reflector.get<Permission | null | undefined>(
      REQUIRED_PERMISSION,
      context.getHandler(),
    );
    if (permission === undefined) throw new Error('a public route declares its permission');
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    request.arrivedAtMs = monotonicMs();
    const ip = this.addresses.of(request);
    await this.limit.pass(ip);
    const signed = signedRequest(request, ip);
    // later guards refuse queries, and would come before the replay store
    const admitsWithOrder =
      signed.query === '' &&
      this.reflector.get<true | undefined>(ADMITS_WITH_ORDER, context.getHandler()) === true;
    const proven = await this.authenticating.run(signed, { permission, admitsWithOrder });
    if (!proven.ok) throw await this.refusalOf(proven.refusal, ip);
    const { apiKey, ...signature } = proven.value;
    request.apiKey = apiKey;
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    const admit = (pending: PendingAdmission) => this.authenticating.admit(pending);
    const refusalOf = (kind: PublicErrorKind) => this.refusalOf(kind, ip);
    request.signatureUse = new SignatureUse({ ...signature, admit, refusalOf }, isRead);
    return true;
  }

  /** Returns 429 for an address above the limit of failed authentications. */
  private async refusalOf(kind: PublicErrorKind, ip: string): Promise<PublicError> {
    const refusal = PublicError.of(kind);
    const seconds = refusal.getStatus() === 401 ? await this.refused.count(ip) : null;
    return seconds === null
      ? refusal
      : PublicError.of('rate_limited', { 'retry-after': String(seconds) });
  }
}

function signedRequest(request: FastifyRequest, ip: string): ReceivedRequest {
  const [path = '', query = ''] = splitOnce(request.raw.url ?? '');
  return {
    method: request.method,
    path,
    query,
    body: rawBodyOf(request),
    keyId: header(request, 'x-cpg-key'),
    timestamp: header(request, 'x-cpg-timestamp'),
    signature: header(request, 'x-cpg-signature'),
    ip,
  };
}

function header(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/**
 * Splits the raw target at the first `?`; a parsed and rebuilt URL would differ from the signed
 * text.
 */
function splitOnce(target: string): [string, string] {
  const at = target.indexOf('?');
  return at === -1 ? [target, ''] : [target.slice(0, at), target.slice(at + 1)];
}

/**
 * Runs the handler of a public route in the scope of the caller's account. The database then
 * returns and changes no rows of other accounts, even if a statement does not name the account.
 */
@Injectable()
export class AccountScopeInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { apiKey } = context.switchToHttp().getRequest<AuthenticatedRequest>();
    return new Observable((subscriber) =>
      forAccount(apiKey.accountId, () => next.handle().subscribe(subscriber)),
    );
  }
}

/**
 * Ends the use of a request's signature before a failure is answered: a client repeats at once, and
 * a replay is refused before anything else.
 */
@Injectable()
class SignatureUseInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { signatureUse } = context.switchToHttp().getRequest<AuthenticatedRequest>();
    return next.handle().pipe(
      catchError(async (error: unknown) => {
        throw await signatureUse.endWith(error);
      }),
    );
  }
}
