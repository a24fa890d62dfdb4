import {
  applyDecorators,
  Injectable,
  SetMetadata,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { Reflector } from '@nestjs/core';
import { ApiExtension } from '@nestjs/swagger';
import { ApiError } from '@sluice/http-api';
import type { FastifyRequest } from 'fastify';

const ANY_QUERY = 'sluice:any-query';
/** Extension field in the OpenAPI document until the refusals are expanded to responses. */
const ANY_QUERY_EXTENSION = 'x-any-query';

/** Route whose query has no meaning and is never refused. */
export const TakesAnyQuery = (): MethodDecorator =>
  applyDecorators(SetMetadata(ANY_QUERY, true), ApiExtension(ANY_QUERY_EXTENSION, true));

/**
 * Refuses a query at a route without parameters: a filter or an idempotency key in an unread query
 * would be lost. `ExactPipe` checks the query of all other routes.
 */
@Injectable()
export class QueryGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const handler = context.getHandler();
    if (this.reflector.get<true | undefined>(ANY_QUERY, handler) || readsQuery(context))
      return true;
    const { query } = context.switchToHttp().getRequest<FastifyRequest>();
    const faults = Object.keys(query as object).map(
      (name) => `${name.slice(0, 40)}: Unknown field; this route takes no query`,
    );
    if (faults.length > 0) throw ApiError.invalid(faults);
    return true;
  }
}

function readsQuery(context: ExecutionContext): boolean {
  const parameters = Reflect.getMetadata(
    ROUTE_ARGS_METADATA,
    context.getClass(),
    context.getHandler().name,
  ) as object | undefined;
  return Object.keys(parameters ?? {}).some((key) => key.startsWith(`${RouteParamtypes.QUERY}:`));
}
