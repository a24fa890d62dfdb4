import { Resolver } from 'node:dns/promises';
import { Injectable } from '@nestjs/common';

export class UnknownNameError extends Error {
  override readonly name = 'UnknownNameError';
  readonly code = 'ENOTFOUND';
}

/**
 * Names by DNS itself. The system's resolver (getaddrinfo) has four threads for the whole process: four names whose servers are silent would
 * hold up every other webhook.
 */
@Injectable()
export class NameResolver {
  private readonly resolver = new Resolver({ timeout: 2_000, tries: 2 });

  /** All addresses of a name, as text. Throws when there are none. */
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
