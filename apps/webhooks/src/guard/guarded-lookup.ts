import type { LookupAddress } from 'node:dns';
import { Resolver } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { Injectable } from '@nestjs/common';
import { InjectConfig } from '@sluice/service-shell';
import { isLoopback, isPublicAddress, type UrlRules } from './webhook-url.js';

export type Resolve = (hostname: string) => Promise<readonly string[]>;

/** Why no connection is made: the name leads to where no webhook may go. */
class ForbiddenAddressError extends Error {
  override readonly name = 'ForbiddenAddressError';
  readonly code = 'forbidden_address';
}

const LOCAL_ADDRESSES = ['127.0.0.1'];

/**
 * Addresses allowed for the name. One forbidden address forbids the name: throws
 * `ForbiddenAddressError`. `localhost` is this machine if loopback is allowed.
 */
export async function allowedAddresses(
  hostname: string,
  { resolve, allowLoopback }: { readonly resolve: Resolve; readonly allowLoopback: boolean },
): Promise<readonly string[]> {
  if (allowLoopback && isLoopback(hostname)) return LOCAL_ADDRESSES;
  const addresses = await resolve(hostname);
  if (!addresses.every(isPublicAddress))
    throw new ForbiddenAddressError(`${hostname} leads to an address that is not public`);
  return addresses;
}

/**
 * Lookup for sockets, which connect to a checked address whatever the name resolves to later.
 * Literal addresses bypass it, and must be checked before.
 */
export function guardedLookup(rules: {
  readonly resolve: Resolve;
  readonly allowLoopback: boolean;
}): LookupFunction {
  return (hostname, { all }, callback) => {
    allowedAddresses(hostname, rules).then(
      (addresses) => {
        const found = addresses.map(lookupAddress);
        const [first] = found;
        if (all) callback(null, found);
        else if (first) callback(null, first.address, first.family);
        else callback(new UnknownNameError(`${hostname} has no address`), '');
      },
      (error: Error) => callback(error, all ? [] : ''),
    );
  };
}

function lookupAddress(address: string): LookupAddress {
  return { address, family: address.includes(':') ? 6 : 4 };
}

class UnknownNameError extends Error {
  override readonly name = 'UnknownNameError';
  readonly code = 'ENOTFOUND';
}

/** Resolves by DNS: getaddrinfo has four threads, which four silent servers would block. */
@Injectable()
export class NameResolver {
  private readonly resolver = new Resolver({ timeout: 2_000, tries: 2 });

  async resolve(name: string): Promise<readonly string[]> {
    const found = await Promise.allSettled([
      this.resolver.resolve4(name),
      this.resolver.resolve6(name),
    ]);
    const addresses = found.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
    if (addresses.length === 0) throw new UnknownNameError(`${name} has no address`);
    return addresses;
  }
}

/** Checks the addresses of a host name at registration. Each connect checks the addresses again. */
@Injectable()
export class NameCheck {
  constructor(
    private readonly resolver: NameResolver,
    @InjectConfig() private readonly config: UrlRules,
  ) {}

  /** Reason why a webhook may not use the host, or null. An unresolved name is allowed. */
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
