import type { Input } from './input.js';
import type { Services } from './services.js';

/** Returns the venue of `--venue` (default: every venue with a connector in this system). */
export function venuesIn(input: Input, services: Services): readonly string[] {
  const venue = input.optional('venue');
  return venue === undefined ? services.venues() : [venue];
}
