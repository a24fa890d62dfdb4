import {
  applyDecorators,
  type CanActivate,
  type ExecutionContext,
  Injectable,
  SetMetadata,
} from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { Reflector } from '@nestjs/core';
import { ApiExtension } from '@nestjs/swagger';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ApiError, failure } from '@sluice/http-api';
import { PUBLIC_ERRORS } from './public-error.js';

/** Public paths and allowed methods; any other method returns 405. */
const ROUTES: readonly (readonly [path: RegExp, allow: string])[] = [
  [/^\/v1\/withdrawals$/, 'GET, HEAD, POST'],
  [/^\/v1\/withdrawals\/(batch|preview)$/, 'POST'],
  [/^\/v1\/withdrawals\/[^/]+\/timeline$/, 'GET, HEAD'],
  [/^\/v1\/withdrawals\/[^/]+$/, 'GET, HEAD, DELETE'],
  [/^\/v1\/balances$/, 'GET, HEAD'],
  [/^\/v1\/webhooks$/, 'GET, HEAD, POST'],
  [/^\/v1\/webhooks\/[^/]+\/(rotate-secret|resume|test)$/, 'POST'],
  [/^\/v1\/webhooks\/[^/]+\/deliveries(\/[^/]+)?$/, 'GET, HEAD'],
  [/^\/v1\/webhooks\/[^/]+\/deliveries\/[^/]+\/redeliver$/, 'POST'],
  [/^\/v1\/webhooks\/[^/]+$/, 'GET, HEAD, PATCH, DELETE'],
  [/^\/v1\/addresses$/, 'GET, HEAD, POST'],
  [/^\/v1\/addresses\/[^/]+\/confirm$/, 'POST'],
  [/^\/v1\/addresses\/[^/]+$/, 'DELETE'],
  [/^\/v1\/address-book$/, 'GET, HEAD, PUT'],
  [/^\/v1\/events$/, 'GET, HEAD'],
  [/^\/v1\/event-keys$/, 'GET, HEAD'],
  [/^\/v1\/currencies$/, 'GET, HEAD'],
  [/^\/v1\/transactions$/, 'GET, HEAD'],
  [/^\/v1\/hot-wallet-address$/, 'GET, HEAD'],
  [/^\/v1\/_ping$/, 'GET, HEAD'],
  [/^\/(openapi\.json|reference)$/, 'GET, HEAD'],
];

/** Our own paths never need an escape, a fragment or a host; a dot only in `openapi.json`. */
const PLAIN_PATH = /^\/[A-Za-z0-9_/-]*(\.json)?$/;

/** Methods of a public path for the `Allow` header; null for an unknown path. */
export function allowedMethods(path: string): string | null {
  return ROUTES.find(([pattern]) => pattern.test(path))?.[1] ?? null;
}

export function pathOf(target: string): string {
  return target.split('?', 1)[0] ?? '';
}

/** Answers escaped or absolute targets with 404: guards and router would see different paths. */
export function acceptPlainPaths(fastify: FastifyInstance): void {
  const [status, message] = PUBLIC_ERRORS.not_found;
  fastify.addHook('onRequest', async (request, reply) => {
    if (!PLAIN_PATH.test(pathOf(request.raw.url ?? '')))
      return reply.code(status).send(failure(message));
  });
}

/** 500 withdrawals with all fields. */
const BATCH_BYTES = 1_048_576;

/** A batch is larger than any other body. To be called before the routes are made. */
export function acceptBatches(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', (route) => {
    if (route.url === '/v1/withdrawals/batch') route.bodyLimit = BATCH_BYTES;
  });
}

const ANY_QUERY = 'sluice:any-query';
/** Extension field in the OpenAPI document until the refusals are expanded to responses. */
const ANY_QUERY_EXTENSION = 'x-any-query';

/** Route whose query has no meaning and is never refused. */
export const TakesAnyQuery = (): MethodDecorator =>
  applyDecorators(SetMetadata(ANY_QUERY, true), ApiExtension(ANY_QUERY_EXTENSION, true));

/** Refuses a query at a route without parameters; `ExactPipe` checks the other routes. */
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
