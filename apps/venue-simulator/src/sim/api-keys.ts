import { sha256Hex } from '@sluice/signing';

/** A key of a simulated venue. */
export interface ApiKey<P extends string> {
  readonly name: string;
  readonly api_key: string;
  readonly api_secret: string;
  readonly permissions: readonly P[];
}

/** Fixed, so that a configuration stays good over every restart and reset. It guards nothing but a simulator. */
export function apiKey<P extends string>(
  venue: string,
  name: string,
  permissions: readonly P[],
  length: { key: number; secret: number },
): ApiKey<P> {
  const digits = (what: 'key' | 'secret'): string =>
    sha256Hex(`simulated ${venue} ${what}: ${name}`).slice(0, length[what]);
  return { name, api_key: digits('key'), api_secret: digits('secret'), permissions };
}
