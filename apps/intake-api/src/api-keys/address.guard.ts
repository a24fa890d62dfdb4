import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { InjectConfig } from '@sluice/service-shell';
import type { FastifyRequest } from 'fastify';
import type { IntakeConfig } from '../settings/intake-settings.js';
import { addressOf } from '../http/client-address.js';
import { SourceAddressLimit } from './source-address-limit.js';

/** Guard of routes without a key: applies only the rate limit per address. */
@Injectable()
export class AddressGuard implements CanActivate {
  constructor(
    private readonly addresses: SourceAddressLimit,
    @InjectConfig() private readonly config: Pick<IntakeConfig, 'trustedProxies'>,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    await this.addresses.pass(addressOf(request, this.config.trustedProxies));
    return true;
  }
}
