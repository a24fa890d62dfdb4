import { Controller, Get, Inject, Put, Req } from '@nestjs/common';
import { Amount, assetOf } from '@sluice/money';
import type { Database, UnitOfWork } from '@sluice/postgres';
import type { FastifyRequest } from 'fastify';
import { ApiError } from '../http/api-error.js';
import { single, whole } from '../http/envelope.js';
import { parseJsonBody } from '../http/json-body.js';
import { rawBodyOf } from '../http/raw-body.js';
import { findRoutes, replaceRoute, type Route } from '../postgres/route-store.js';
import { DATABASE, UNIT_OF_WORK } from '../tokens.js';
import { readRoute } from './route-body.js';

/** Which venues pay what, in which order, for operators. */
@Controller('internal/routes')
export class RoutesDoor {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(UNIT_OF_WORK) private readonly unitOfWork: UnitOfWork,
  ) {}

  @Get()
  async list() {
    return whole([...(await findRoutes(this.database)).values()].map(routeShape));
  }

  /** Puts one route in place of the one there is, for every instance at once; withdrawals already with a venue stay there. */
  @Put()
  async set(@Req() request: FastifyRequest) {
    const route = readRoute(parseJsonBody(request.headers['content-type'], rawBodyOf(request)));
    for (const { name, minimum, maximum } of route.venues) {
      const asset = assetOf(route.currency, route.network);
      if (minimum !== null && maximum !== null && Amount.of(maximum, asset).lessThan(Amount.of(minimum, asset)))
        throw ApiError.invalid([`venues: ${name} has a maximum below its minimum`]);
    }
    if (!(await this.unitOfWork.run((tx) => replaceRoute(tx, route)))) throw ApiError.notFound('Currency not found on this network');
    return single(routeShape(route));
  }
}

function routeShape({ currency, network, venues }: Route) {
  return {
    currency,
    network,
    venues: venues.map((venue) => ({
      venue: venue.name,
      pays: venue.pays,
      state: venue.state,
      min_amount: venue.minimum,
      max_amount: venue.maximum,
      decimals: venue.decimals,
      fee_percent: venue.feePercent,
      fee_flat: venue.feeFlat,
      submit_within_ms: venue.submitWithinMs,
    })),
  };
}
