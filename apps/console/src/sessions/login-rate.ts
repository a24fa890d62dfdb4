import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import { ClientAddresses } from '@sluice/service-shell';

/** Logins that one address may begin in a minute, per process. Each is a row for some minutes. */
export const LOGINS_PER_MINUTE = 120;

/** Too many logins have begun at one address. */
export class LoginFloodError extends Error {
  override readonly name = 'LoginFloodError';

  constructor(readonly retryAfterSeconds: number) {
    super('Too many logins have begun at this address: try again in a minute.');
  }
}

/** Rate limit of begun logins by source address. */
@Injectable()
export class LoginRate {
  private readonly begun = new RateLimiterMemory({ points: LOGINS_PER_MINUTE, duration: 60 });

  constructor(private readonly addresses: ClientAddresses) {}

  /** Counts a login. Throws LoginFloodError beyond the limit. */
  async pass(request: FastifyRequest): Promise<void> {
    const address = this.addresses.of(request);
    const state = await this.begun.consume(address).catch((full: RateLimiterRes) => full);
    if (state.consumedPoints > LOGINS_PER_MINUTE)
      throw new LoginFloodError(Math.ceil(state.msBeforeNext / 1_000));
  }
}
