import type { FastifyRequest } from 'fastify';
import type { Caller } from './caller.js';

/** A request of the admin API once the guard has decided; before that it has neither. */
export interface AdminRequest extends FastifyRequest {
  /** Who was let in. */
  caller?: Caller;
  /** Who was known and sent away: the route is for others. */
  refusedCaller?: Caller;
  /** The handler writes down itself what it does for this caller. */
  keepsOwnRecord?: boolean;
}
