import {
  applyDecorators,
  createParamDecorator,
  SetMetadata,
  type ExecutionContext,
} from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import type { Permission } from '@sluice/http-api';
import type { FastifyRequest } from 'fastify';
import type { ApiKey } from './key-store.js';
import type { SignatureUse } from './signature-use.js';

export const REQUIRED_PERMISSION = 'sluice:permission';

/** Extension field for the permission in the OpenAPI document. */
const PERMISSION_EXTENSION = 'x-permission';

/** Permission required by a public route; null accepts any valid key. */
export const RequiresPermission = (permission: Permission | null): MethodDecorator =>
  applyDecorators(
    SetMetadata(REQUIRED_PERMISSION, permission),
    ApiExtension(PERMISSION_EXTENSION, permission),
  );

export const ADMITS_WITH_ORDER = 'sluice:admits-with-order';

/** Route whose handler calls `admitNow` before every answer without a new order. */
export const AdmitsWithOrder = (): MethodDecorator => SetMetadata(ADMITS_WITH_ORDER, true);

export interface AuthenticatedRequest extends FastifyRequest {
  apiKey: ApiKey;
  arrivedAtMs: number;
  signatureUse: SignatureUse;
}

export const Caller = createParamDecorator(
  (_data: unknown, context: ExecutionContext): ApiKey => requestOf(context).apiKey,
);

/** Arrival time of the request by the monotonic clock; deadlines are counted from this time. */
export const ArrivedAt = createParamDecorator(
  (_data: unknown, context: ExecutionContext): number => requestOf(context).arrivedAtMs,
);

/** Use of the request's signature; a handler that may store something states what is stored. */
export const UseOfSignature = createParamDecorator(
  (_data: unknown, context: ExecutionContext): SignatureUse => requestOf(context).signatureUse,
);

function requestOf(context: ExecutionContext): AuthenticatedRequest {
  return context.switchToHttp().getRequest<AuthenticatedRequest>();
}
