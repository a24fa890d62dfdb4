import { Injectable, SetMetadata, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { monotonicMs } from '@sluice/clock';
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import type { FastifyRequest } from 'fastify';
import type { ApiKey, Permission } from './key-store.js';
import { ApiError } from '../http/api-error.js';
import { LOOK_UP_WITHIN_MS, withDeadline } from '../deadline.js';
import { authenticate, type AuthenticatorPorts } from './authenticator.js';
import { rawBodyOf } from '../http/raw-body.js';

const PERMISSION = 'sluice:permission';

/** The permission a route needs; null lets any valid key in. */
export const RequiresPermission = (permission: Permission | null) =>
  SetMetadata(PERMISSION, permission);

/** A request whose key is proven. */
export interface AuthenticatedRequest extends FastifyRequest {
  apiKey: ApiKey;
  /** By the monotonic clock: deadlines are counted from here. */
  arrivedAtMs: number;
}

/** Every public route stands behind this: the address's backstop first, then the signature. */
@Injectable()
export class AuthenticationGuard implements CanActivate {
  private readonly backstop: RateLimiterMemory;
  private readonly reflector = new Reflector();

  constructor(
    private readonly ports: AuthenticatorPorts,
    private readonly requestsPerMinutePerIp: number,
  ) {
    this.backstop = new RateLimiterMemory({ points: requestsPerMinutePerIp, duration: 60 });
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const permission = this.reflector.get<Permission | null | undefined>(
      PERMISSION,
      context.getHandler(),
    );
    if (permission === undefined) return true; // the admin API has its operator token
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    request.arrivedAtMs = monotonicMs();
    await this.passBackstop(request.socket.remoteAddress ?? '');
    const [path = '', query = ''] = splitOnce(request.raw.url ?? '');
    const proving = authenticate(
      {
        method: request.method,
        path,
        query,
        body: rawBodyOf(request),
        keyId: header(request, 'x-cpg-key'),
        timestamp: header(request, 'x-cpg-timestamp'),
        signature: header(request, 'x-cpg-signature'),
        ip: request.socket.remoteAddress ?? '',
      },
      permission,
      this.ports,
    );
    const proven = await withDeadline(proving, LOOK_UP_WITHIN_MS, 'unavailable');
    if (!proven.ok) throw ApiError.of(proven.refusal);
    request.apiKey = proven.value;
    return true;
  }

  /** Unlike the key's own limit, this one says when to come back. */
  private async passBackstop(ip: string): Promise<void> {
    const state = await this.backstop.consume(ip).catch((full: RateLimiterRes) => full);
    if (state.consumedPoints <= this.requestsPerMinutePerIp) return;
    const seconds = Math.ceil(state.msBeforeNext / 1000);
    throw ApiError.of('rate_limited', {
      'retry-after': String(seconds),
      'x-ratelimit-limit': String(this.requestsPerMinutePerIp),
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(Math.ceil(this.ports.now() / 1000) + seconds),
    });
  }
}

function header(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** The raw target at its first `?`; a parsed and rebuilt URL would not be what was signed. */
function splitOnce(target: string): [string, string] {
  const at = target.indexOf('?');
  return at === -1 ? [target, ''] : [target.slice(0, at), target.slice(at + 1)];
}
