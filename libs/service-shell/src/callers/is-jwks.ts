import type { JSONWebKeySet } from 'jose';

/** Checks only the shape of a key set; each key is checked on use. */
export function isJwks(given: unknown): given is JSONWebKeySet {
  const keys: unknown = typeof given === 'object' && given !== null && Reflect.get(given, 'keys');
  return Array.isArray(keys) && keys.every((key) => typeof key === 'object' && key !== null);
}
