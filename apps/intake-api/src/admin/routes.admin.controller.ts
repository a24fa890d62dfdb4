import { Controller, Get, Inject, Put, Req } from '@nestjs/common';
import { Amount, assetOf } from '@sluice/money';
import type { Database, UnitOfWork } from '@sluice/postgres';
import type { Venue } from '@sluice/withdrawal-core';
import type { FastifyRequest } from 'fastify';
import { ApiError } from '../http/api-error.js';
import { objectEnvelope, listEnvelope } from '../http/envelope.js';
import { parseJsonBody } from '../http/json-body.js';
import { rawBodyOf } from '../http/raw-body.js';
import { findRoutes, lockRoute, replaceRoute, type Route } from '../catalogue/route-store.js';
import { DATABASE, UNIT_OF_WORK } from '../tokens.js';
import { readRoute } from './route-body.js';
import { routeChanges } from './route-changes.js';

/** Which venues pay what, in which order, for operators. */
@Controller('internal/routes')
export class RoutesAdminController {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(UNIT_OF_WORK) private readonly unitOfWork: UnitOfWork,
  ) {}

  @Get()
  async list() {
    return listEnvelope([...(await findRoutes(this.database)).values()].map(routeShape));
  }

  /**
   * Puts one route in place of the one there is, for every instance at once; withdrawals already with a venue stay there. Of two who
   * have read the same route one sets it, and the other gets 409 with what has changed meanwhile.
   */
  @Put()
  async set(@Req() request: FastifyRequest) {
    const { route, was } = readRoute(
      parseJsonBody(request.headers['content-type'], rawBodyOf(request)),
    );
    const asset = assetOf(route.currency, route.network);
    for (const { name, minimum, maximum } of route.venues) {
      if (
        minimum !== null &&
        maximum !== null &&
        Amount.of(maximum, asset).lessThan(Amount.of(minimum, asset))
      )
        throw ApiError.invalid([`venues: ${name} has a maximum below its minimum`]);
    }
    await this.unitOfWork.run(async (tx) => {
      if (!(await lockRoute(tx, route)))
        throw ApiError.notFound('Currency not found on this network');
      const now = (await findRoutes(tx, [asset])).get(asset)?.venues ?? [];
      const changes = routeChanges(was.map(venueShape), now.map(venueShape));
      const isThere = routeChanges(route.venues.map(venueShape), now.map(venueShape)).length === 0; // the answer to this very request was lost
      if (changes.length > 0 && !isThere)
        throw ApiError.conflict(
          `Nothing was set: the route has changed since it was read: ${changes.join('; ')}`,
        );
      await replaceRoute(tx, route);
    });
    return objectEnvelope(routeShape(route));
  }
}

function routeShape({ currency, network, venues }: Route) {
  return { currency, network, venues: venues.map(venueShape) };
}

function venueShape(venue: Venue) {
  return {
    venue: venue.name,
    pays: venue.pays,
    state: venue.state,
    min_amount: venue.minimum,
    max_amount: venue.maximum,
    decimals: venue.decimals,
    fee_percent: venue.feePercent,
    fee_flat: venue.feeFlat,
    submit_within_ms: venue.submitWithinMs,
  };
}
