import { Controller, Get, Inject, Req, Res, ServiceUnavailableException } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { HealthCheckService, type HealthCheckResult } from '@nestjs/terminus';
import { ServedAt } from '@sluice/http-api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Health } from '../platform/health.js';
import { INTERNAL_PORT } from '../settings/tokens.js';

@ApiExcludeController()
@ServedAt('every')
@Controller()
export class HealthController {
  constructor(
    private readonly terminus: HealthCheckService,
    private readonly health: Health,
    @Inject(INTERNAL_PORT) private readonly internalPort: number | null,
  ) {}

  @Get('healthz')
  liveness() {
    return { status: 'alive' };
  }

  /** A fault may quote the database's error, with its host and login: at a public port only the status is answered. */
  @Get('readyz')
  async readiness(
    @Req() { socket }: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Partial<HealthCheckResult>> {
    const result = await this.check();
    if (result.status !== 'ok') void reply.code(503);
    const isPublic = this.internalPort !== null && socket.localPort !== this.internalPort;
    return isPublic ? { status: result.status } : result;
  }

  private async check(): Promise<HealthCheckResult> {
    try {
      return await this.terminus.check(this.health.indicators());
    } catch (error) {
      if (error instanceof ServiceUnavailableException)
        return error.getResponse() as HealthCheckResult;
      throw error;
    }
  }
}
