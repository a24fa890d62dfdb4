import { isIP } from 'node:net';
import { Injectable } from '@nestjs/common';
import { InjectConfig } from '@sluice/service-shell';
import type { WebhooksConfig } from '../config.js';
import { allowedAddresses, ForbiddenAddressError } from './guarded-lookup.js';
import { NameResolver } from './name-resolver.js';

/** What a name resolves to as it is registered. What it resolves to later is looked at again, at each connect. */
@Injectable()
export class NameCheck {
  constructor(
    private readonly resolver: NameResolver,
    @InjectConfig() private readonly config: Pick<WebhooksConfig, 'allowLoopback'>,
  ) {}

  /** Why no webhook may have this host, or null. A name that does not resolve may do so by the time that something is sent. */
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
