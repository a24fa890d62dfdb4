import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { AdminRequest } from './admin-request.js';
import type { Caller } from './caller.js';

/** Parameter decorator for the caller: `@CallerOf() caller: Caller`. */
export const CallerOf = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const { caller } = context.switchToHttp().getRequest<AdminRequest>();
  if (!caller) throw new Error('no guard has authenticated this call');
  return caller;
});
