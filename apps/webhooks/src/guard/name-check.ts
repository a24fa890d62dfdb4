import { isIP } from 'node:net';
import { Injectable } from '@nestjs/common';
import { InjectConfig } from '@sluice/service-shell';
import { allowedAddresses, ForbiddenAddressError } from './guarded-lookup.js';
import { NameResolver } from './name-resolver.js';
import type { UrlRules } from './webhook-url.js';

/** Checks the addresses of a host name at registration. Each connect checks the addresses again. */
@Injectable()
export class NameCheck {
  constructor(
    private readonly resolver: NameResolver,
    @InjectConfig() private readonly config: UrlRules,
  ) {}

  /**
   * Returns the reason a webhook may not use the host, or null. An unresolved name is allowed,
   * because the name may resolve before the first delivery.
   */
  async faultOf(host: string): Promise<string | null> {
    if (isIP(host) !== 0) return null; // was looked at with the URL
    const { allowLoopback } = this.config;
    const resolve = (name: string) => this.resolver.resolve(name);
    try {
      await allowedAddresses(host, { resolve, allowLoopback });
      return null;
    } catch (error) {
      return error instanceof ForbiddenAddressError
        ? 'URL should lead to the public internet'
        : null;
    }
  }
}
