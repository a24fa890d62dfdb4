import { Injectable } from '@nestjs/common';
import { ApiError, type SetRouteDto } from '@sluice/http-api';
import { assetOf } from '@sluice/kernel';
import { UnitOfWork } from '@sluice/postgres';
import type { Venue } from '@sluice/withdrawal-core';
import { routeChanges } from './route-changes.js';
import { faultsOf, shownVenue, venueOf } from './route-dto.js';
import { findRoutes, lockRoute, replaceRoute, type Route } from './route-store.js';

/** Replaces the route read by the operator. */
@Injectable()
export class SetRoute {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async run(change: SetRouteDto): Promise<Route> {
    const faults = faultsOf(change);
    if (faults.length > 0) throw ApiError.invalid(faults);
    const { currency, network } = change;
    const asset = assetOf(currency, network);
    const route = { currency, network, venues: change.venues.map(venueOf) };
    await this.unitOfWork.run(async (tx) => {
      if (!(await lockRoute(tx, route)))
        throw ApiError.notFound('Currency not found on this network');
      const now = (await findRoutes(tx, [asset])).get(asset)?.venues ?? [];
      const changes = changesBetween(change.was.map(venueOf), now);
      const isThere = changesBetween(route.venues, now).length === 0; // the answer to this very request was lost
      if (changes.length > 0 && !isThere)
        throw ApiError.conflict(
          `Nothing was set: the route has changed since it was read: ${changes.join('; ')}`,
        );
      await replaceRoute(tx, route);
    });
    return route;
  }
}

function changesBetween(was: readonly Venue[], is: readonly Venue[]): string[] {
  return routeChanges(was.map(shownVenue), is.map(shownVenue));
}
