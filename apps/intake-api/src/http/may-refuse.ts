import { ApiExtension } from '@nestjs/swagger';
import type { PublicErrorKind } from './public-error.js';

/**
 * Extension field for refusals in the OpenAPI document until the refusals are expanded to
 * responses.
 */
const REFUSALS_EXTENSION = 'x-refusals';

/**
 * Declares the handler's own refusals, by name in `PUBLIC_ERRORS`. Refusals common to all routes
 * (credentials, limits, malformed input, internal errors) are not declared:
 * `reference/document/refusals.ts` adds them based on the route's requirements and input.
 */
export function MayRefuse(...kinds: readonly PublicErrorKind[]): MethodDecorator {
  return ApiExtension(REFUSALS_EXTENSION, kinds);
}

/** Marks an addition to the gateway's original contract. All additions are backward compatible. */
export function Ours(): MethodDecorator {
  return ApiExtension('x-ours', true);
}
