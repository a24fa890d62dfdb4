import type { JSONWebKeySet } from 'jose';

/** Of the form of a key set; the keys themselves are looked at when one is used. */
export function isJwks(given: unknown): given is JSONWebKeySet {
  const keys: unknown = typeof given === 'object' && given !== null && Reflect.get(given, 'keys');
  return Array.isArray(keys) && keys.every((key) => typeof key === 'object' && key !== null);
}
