import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { type Permission, rawBodyOf } from '@sluice/http-api';
import { monotonicMs } from '@sluice/runtime';
import { RefusedCredentials } from '@sluice/service-shell';
import type { FastifyRequest } from 'fastify';
import { ClientAddresses } from '../http/client-address.js';
import { PublicError, type PublicErrorKind } from '../http/public-error.js';
import { AuthenticateRequest } from './authenticate-request.js';
import type { ReceivedRequest } from './authenticator.js';
import { REQUIRED_PERMISSION, type AuthenticatedRequest } from './authenticated-request.js';
import { SignatureUse } from './signature-use.js';
import { SourceAddressLimit } from './source-address-limit.js';

/** Guard of all public routes: checks the address's rate limit first, and the signature second. */
@Injectable()
export class AuthenticationGuard implements CanActivate {
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
    const proven = await this.authenticating.run(signedRequest(request, ip), permission);
    if (!proven.ok) throw await this.refusalOf(proven.refusal, ip);
    const { apiKey, releaseSignature } = proven.value;
    request.apiKey = apiKey;
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    request.signatureUse = new SignatureUse(releaseSignature, isRead);
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
