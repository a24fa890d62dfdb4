import { ApiExtension } from '@nestjs/swagger';
import type { PublicErrorKind } from './public-error.js';

/** Where the document has them until they are written out as answers. */
export const REFUSALS_EXTENSION = 'x-refusals';

/**
 * Which refusals of its own a public handler may answer, by their names in `PUBLIC_ERRORS`. What every route may answer (credentials,
 * limits, malformed input, faults of ours) is not named: `reference/refusals.ts` adds it from what the route needs and reads.
 */
export function MayRefuse(...kinds: readonly PublicErrorKind[]): MethodDecorator {
  return ApiExtension(REFUSALS_EXTENSION, kinds);
}

/** What the gateway's own contract does not have. All of it is additive. */
export function Ours(): MethodDecorator {
  return ApiExtension('x-ours', true);
}
