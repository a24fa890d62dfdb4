import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ClientAddresses } from '../http/client-address.js';
import { SourceAddressLimit } from './source-address-limit.js';

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
