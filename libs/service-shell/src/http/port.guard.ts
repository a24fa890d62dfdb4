import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiError, SERVED_AT, type Port } from '@sluice/http-api';
import type { FastifyRequest } from 'fastify';
import { INTERNAL_PORT } from '../settings/tokens.js';

/**
 * If the admin API has a separate port, each controller answers only at the intended port. The
 * other port returns 404.
 */
@Injectable()
export class PortGuard implements CanActivate {
  constructor(
    @Inject(INTERNAL_PORT) private readonly internalPort: number | null,
    private readonly reflector: Reflector,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    if (this.internalPort === null || context.getType() !== 'http') return true;
    const port = this.reflector.get<Port | undefined>(SERVED_AT, context.getClass()) ?? 'public';
    const { socket } = context.switchToHttp().getRequest<FastifyRequest>();
    const isInternal = socket.localPort === this.internalPort;
    if (port === 'every' || isInternal === (port === 'internal')) return true;
    throw ApiError.notFound('Not found');
  }
}
