import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import { Database } from '@sluice/postgres';
import { ClientAddresses, InjectConfig } from '@sluice/service-shell';
import { PublicError } from '../http/public-error.js';
import type { IntakeConfig } from '../settings/intake-settings.js';

/** Rate limit per source address and process, applied before authentication. */
@Injectable()
export class SourceAddressLimit {
  private readonly perMinute: number;
  private readonly backstop: RateLimiterMemory;

  constructor(
    @InjectConfig() { requestsPerMinutePerIp }: Pick<IntakeConfig, 'requestsPerMinutePerIp'>,
    private readonly database: Database,
  ) {
    this.perMinute = requestsPerMinutePerIp;
    this.backstop = new RateLimiterMemory({ points: requestsPerMinutePerIp, duration: 60 });
  }

  /** Counts a request. The refusal reports the time until the next allowed request. */
  async pass(ip: string): Promise<void> {
    const state = await this.backstop.consume(ip).catch((full: RateLimiterRes) => full);
    if (state.consumedPoints <= this.perMinute) return;
    const seconds = Math.ceil(state.msBeforeNext / 1000);
    const nowMs = this.database.clock.now().getTime();
    throw PublicError.of('rate_limited', {
      'retry-after': String(seconds),
      'x-ratelimit-limit': String(this.perMinute),
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(Math.ceil(nowMs / 1000) + seconds),
    });
  }
}

/** Guard of routes without a key: applies only the rate limit per address. */
@Injectable()
export class AddressGuard implements CanActivate {
  constructor(
    private readonly limit: SourceAddressLimit,
    private readonly addresses: ClientAddresses,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    await this.limit.pass(this.addresses.of(request));
    return true;
  }
}
