import type { Input } from './input.js';
import type { Services } from './services.js';

/** The venue of `--venue`; unless told, every one that has a connector here. */
export function venuesIn(input: Input, services: Services): readonly string[] {
  const venue = input.optional('venue');
  return venue === undefined ? services.venues() : [venue];
}
