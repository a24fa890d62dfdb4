import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { ApiError } from '@sluice/http-api';
import { constantTimeEqual } from '@sluice/signing';
import type { FastifyRequest } from 'fastify';
import type { ServiceConfig } from '../settings/config.js';
import { InjectConfig } from '../settings/tokens.js';

/**
 * Admits the metrics scraper by token; the token grants no other access. If no token is configured,
 * all requests are admitted.
 */
@Injectable()
export class MetricsGuard implements CanActivate {
  constructor(@InjectConfig() private readonly config: Pick<ServiceConfig, 'metricsToken'>) {}

  canActivate(context: ExecutionContext): boolean {
    const token = this.config.metricsToken.reveal();
    const { headers } = context.switchToHttp().getRequest<FastifyRequest>();
    if (token === '' || constantTimeEqual(headers.authorization ?? '', `Bearer ${token}`))
      return true;
    throw new ApiError(401, 'Metrics token is missing or wrong');
  }
}
