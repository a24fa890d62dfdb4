import { ok, refuse, type Result } from '@sluice/kernel';
import { sha256Hex } from '@sluice/signing';
import type { SimulatedKeyTerms } from './key-book.js';
import { keyFields, keyName, keyText, permissionsOf } from './key-fields.js';

/** A key of a simulated venue. */
export interface SimulatedApiKey<P extends string> {
  readonly name: string;
  readonly api_key: string;
  readonly api_secret: string;
  readonly permissions: readonly P[];
}

/**
 * Derives a fixed key: a configuration stays valid after every restart and reset. The key protects
 * only a simulator.
 */
export function apiKey<P extends string>(
  venue: string,
  name: string,
  permissions: readonly P[],
  length: { key: number; secret: number },
): SimulatedApiKey<P> {
  const digits = (what: 'key' | 'secret'): string =>
    sha256Hex(`simulated ${venue} ${what}: ${name}`).slice(0, length[what]);
  return { name, api_key: digits('key'), api_secret: digits('secret'), permissions };
}

type Brought<P extends string> = Omit<SimulatedApiKey<P>, 'permissions'> &
  Partial<SimulatedApiKey<P>>;

/** Terms for keys added by tests. Default permissions: all. */
export function apiKeyTerms<P extends string>(
  fixed: readonly SimulatedApiKey<P>[],
  permissions: readonly P[],
): SimulatedKeyTerms<SimulatedApiKey<P>> {
  const check = keyFields(
    { name: keyName, api_key: keyText, api_secret: keyText },
    { permissions: permissionsOf(permissions) },
  );
  return {
    fixed,
    idOf: (key) => key.api_key,
    read: (fields): Result<SimulatedApiKey<P>, string> => {
      const fault = check(fields, 'key');
      if (fault !== null) return refuse(fault);
      return ok({ permissions, ...(fields as Brought<P>) });
    },
  };
}
