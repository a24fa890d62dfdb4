import type { FastifyRequest } from 'fastify';
import type { Caller } from './caller.js';

/**
 * Request of the admin API. The guard sets either `caller` or `refusedCaller`; before the guard
 * both are missing.
 */
export interface AdminRequest extends FastifyRequest {
  /** Caller admitted by the guard. */
  caller?: Caller;
  /** Authenticated caller without permission for the route. */
  refusedCaller?: Caller;
  /** The handler records the caller's changes in tables of the service. */
  keepsOwnRecord?: boolean;
}
