import { SetMetadata } from '@nestjs/common';

/** Metadata key for Nest's reflector on a handler. */
export const KEEPS_OWN_RECORD = 'sluice:keeps-own-record';

/**
 * Marks a handler with records of its own for calls by services. The records are in append-only
 * tables, written in the transaction of the change. The audit log gets only refusals of these
 * calls. Calls by people are always audited.
 */
export function KeepsOwnRecord(): MethodDecorator {
  return SetMetadata(KEEPS_OWN_RECORD, true);
}
