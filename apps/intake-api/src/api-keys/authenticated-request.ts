import {
  applyDecorators,
  createParamDecorator,
  SetMetadata,
  type ExecutionContext,
} from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import type { Permission } from '@sluice/admin-api';
import type { FastifyRequest } from 'fastify';
import type { ApiKey } from './key-store.js';

export const REQUIRED_PERMISSION = 'sluice:permission';

/** Where the published document says it. */
export const PERMISSION_EXTENSION = 'x-permission';

/** The permission that a public route needs; null lets any valid key in. */
export const RequiresPermission = (permission: Permission | null): MethodDecorator =>
  applyDecorators(
    SetMetadata(REQUIRED_PERMISSION, permission),
    ApiExtension(PERMISSION_EXTENSION, permission),
  );

/** A request whose key is proven. */
export interface AuthenticatedRequest extends FastifyRequest {
  apiKey: ApiKey;
  arrivedAtMs: number;
}

/** The key that a request is signed with. */
export const Caller = createParamDecorator(
  (_data: unknown, context: ExecutionContext): ApiKey => requestOf(context).apiKey,
);

/** When a request has arrived, by the monotonic clock: deadlines are counted from here. */
export const ArrivedAt = createParamDecorator(
  (_data: unknown, context: ExecutionContext): number => requestOf(context).arrivedAtMs,
);

function requestOf(context: ExecutionContext): AuthenticatedRequest {
  return context.switchToHttp().getRequest<AuthenticatedRequest>();
}
