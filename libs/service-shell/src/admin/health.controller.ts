import {
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  Header,
  Inject,
  Injectable,
  Req,
  Res,
  ServiceUnavailableException,
  UseGuards,
} from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { type HealthCheckResult, HealthCheckService } from '@nestjs/terminus';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { register } from 'prom-client';
import {
  AdminController,
  Answers,
  ApiError,
  type Caller,
  CallerDto,
  CallerOf,
  InvariantReportDto,
  ReadOften,
  Requires,
  ROLES,
  ServedAt,
} from '@sluice/http-api';
import type { InvariantReport } from '@sluice/postgres';
import { constantTimeEqual } from '@sluice/signing';
import { PasskeyRule } from '../passkeys/passkey-rule.js';
import { Health } from '../platform/health.js';
import type { ServiceConfig } from '../settings/config.js';
import { InjectConfig, INTERNAL_PORT, INVARIANT_CHECK } from '../settings/tokens.js';

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

/** Invariants of this service's database; each query returns the violating rows. */
@AdminController('invariants')
export class InvariantsController {
  constructor(@Inject(INVARIANT_CHECK) private readonly check: () => Promise<InvariantReport>) {}

  @Get()
  @Requires(...ROLES)
  @Answers(InvariantReportDto)
  invariants(): Promise<InvariantReportDto> {
    return this.check();
  }
}

/**
 * Admits the metrics scraper by token; the token grants no other access. If no token is configured,
 * all requests are admitted.
 */
@Injectable()
class MetricsGuard implements CanActivate {
  constructor(@InjectConfig() private readonly config: Pick<ServiceConfig, 'metricsToken'>) {}

  canActivate(context: ExecutionContext): boolean {
    const token = this.config.metricsToken.reveal();
    const { headers } = context.switchToHttp().getRequest<FastifyRequest>();
    if (token === '' || constantTimeEqual(headers.authorization ?? '', `Bearer ${token}`))
      return true;
    throw new ApiError(401, 'Metrics token is missing or wrong');
  }
}

@ApiExcludeController()
@ServedAt('internal')
@UseGuards(MetricsGuard)
@Controller('metrics')
export class MetricsController {
  @Get()
  @Header('content-type', register.contentType)
  report(): Promise<string> {
    return register.metrics();
  }
}

/** Returns the caller's name and roles, and whether this service trusts the caller's token alone. */
@AdminController('whoami')
export class WhoamiController {
  constructor(private readonly passkeys: PasskeyRule) {}

  @Get()
  @Requires(...ROLES)
  @ReadOften()
  @Answers(CallerDto)
  whoami(@CallerOf() caller: Caller): CallerDto {
    const { name, roles } = caller;
    return { name, roles, needs_passkey: this.passkeys.isNeeded(caller) };
  }
}
