import { SetMetadata } from '@nestjs/common';

/** Where Nest's reflector finds it on a handler. */
export const KEEPS_OWN_RECORD = 'sluice:keeps-own-record';

/**
 * What a handler does for a service it writes down itself, in tables that only grow, with the very transaction that does it: the audit
 * log then has its refusals alone. People are audited in any case.
 */
export function KeepsOwnRecord(): MethodDecorator {
  return SetMetadata(KEEPS_OWN_RECORD, true);
}
