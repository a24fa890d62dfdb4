import {
  BadRequestException,
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  Inject,
  Param,
  Post,
  Put,
  Query,
  Req,
} from '@nestjs/common';
import type { Result } from '@sluice/kernel';
import type { FastifyRequest } from 'fastify';
import type { FaultState } from './sim/faults.js';
import type { VenueSimulation } from './sim/open-venue.js';

export const VENUE_NAME = Symbol('venue name');
export const SIMULATION = Symbol('venue simulation');

/** Control API for tests and operators, not for clients of the venue. */
@Controller('_sim')
export class ControlController {
  constructor(
    @Inject(VENUE_NAME) private readonly venue: string,
    @Inject(SIMULATION) private readonly simulation: VenueSimulation,
  ) {}

  @Get('credentials')
  credentials(@Headers('host') host: string, @Req() { protocol }: FastifyRequest): object {
    const { basePath, basePathOfClients = basePath } = this.simulation;
    return {
      venue: this.venue,
      base_url: `${protocol}://${host}${basePathOfClients}`,
      ...this.simulation.credentials(),
    };
  }

  @Get('payments')
  payments(@Query('client_id') clientId?: string, @Query('since') since?: string): object[] {
    const from = since === undefined ? 0 : Date.parse(since);
    if (Number.isNaN(from)) throw new BadRequestException('since has to be an ISO 8601 time');
    const { book } = this.simulation;
    const now = this.simulation.clock.now();
    const entries = clientId === undefined ? book.all() : book.ofClientId(clientId);
    return entries
      .filter(({ payment }) => payment.created_at >= from)
      .map((entry) => {
        const {
          id,
          client_id,
          currency,
          chain,
          destination,
          memo,
          amount,
          net_amount,
          created_at,
        } = entry.payment;
        const status = book.statusOf(entry, now);
        return {
          id,
          client_id,
          currency,
          chain,
          destination,
          memo,
          amount,
          net_amount,
          status,
          created_at: new Date(created_at).toISOString(),
        };
      });
  }

  @Get('faults')
  faults(): readonly FaultState[] {
    return this.simulation.faults.list();
  }

  @Post('faults')
  @HttpCode(200)
  changeFaults(@Body() body: unknown): readonly FaultState[] {
    accepted(this.simulation.faults.change(body));
    return this.faults();
  }

  @Get('rate-limited')
  rateLimited(): object {
    return this.simulation.rateLimited();
  }

  @Get('settings')
  settings(): object {
    return this.simulation.settings();
  }

  @Put('settings')
  changeSettings(@Body() body: unknown): object {
    accepted(this.simulation.changeSettings(body));
    return this.settings();
  }

  @Get('clock')
  clock(): object {
    return this.simulation.clock.show();
  }

  @Post('clock')
  @HttpCode(200)
  changeClock(@Body() body: unknown): object {
    accepted(this.simulation.clock.change(body));
    return this.clock();
  }

  @Get('keys')
  keys(): readonly object[] {
    return this.simulation.keys.list();
  }

  @Post('keys')
  @HttpCode(200)
  bringKey(@Body() body: unknown): readonly object[] {
    accepted(this.simulation.keys.bring(body));
    return this.keys();
  }

  @Delete('keys/:name')
  dropKey(@Param('name') name: string): readonly object[] {
    accepted(this.simulation.keys.drop(name));
    return this.keys();
  }

  @Post('reset')
  @HttpCode(200)
  reset(): object {
    this.simulation.reset();
    return {};
  }
}

function accepted(result: Result<void, string>): void {
  if (!result.ok) throw new BadRequestException(result.refusal);
}
