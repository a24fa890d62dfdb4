import { Resolver } from 'node:dns/promises';
import { Injectable } from '@nestjs/common';

export class UnknownNameError extends Error {
  override readonly name = 'UnknownNameError';
  readonly code = 'ENOTFOUND';
}

/**
 * Resolves names directly by DNS. The system resolver (getaddrinfo) has four threads for the whole
 * process: four names with silent servers would delay every other webhook.
 */
@Injectable()
export class NameResolver {
  private readonly resolver = new Resolver({ timeout: 2_000, tries: 2 });

  /** Returns all addresses of a name, as text. Throws if the name has no address. */
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
