import { distance } from 'fastest-levenshtein';
import type { RuleInput } from './read-config.js';

/** Minimum length of checked names. Shorter names resemble unrelated variables: `PORT`, `SORT`. */
const SHORTEST = 8;
const UNITS = /_(MS|DAYS|FILE|URL)$/;

/** Rejects names similar to a known variable, whose default would apply silently. */
export function misspeltVariables({ env, variables }: RuleInput<unknown>): readonly string[] {
  const known = new Set(variables.flatMap((name) => [name, `${name}_FILE`]));
  return Object.keys(env).flatMap((name) => {
    if (known.has(name)) return [];
    const meant = variables.find((one) => isNear(one, name));
    return meant === undefined ? [] : [`${name} is not known; did you mean ${meant}?`];
  });
}

function isNear(ours: string, given: string): boolean {
  const [one, other] = [given.toUpperCase(), ours.replace(UNITS, '')];
  if (ours === one || (one === other && one !== ours && other.includes('_'))) return true;
  return ours.length >= SHORTEST && distance(ours, one) <= 2;
}
