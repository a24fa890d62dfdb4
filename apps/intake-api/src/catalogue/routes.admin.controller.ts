import { Body, Get, Put } from '@nestjs/common';
import {
  AdminController,
  Answers,
  AnswersList,
  Requires,
  ROLES,
  RouteDto,
  SetRouteDto,
} from '@sluice/http-api';
import { Database } from '@sluice/postgres';
import { shownRoute } from './route-dto.js';
import { findRoutes } from './route-store.js';
import { SetRoute } from './set-route.js';

/** Admin API of routes: paying venues per asset, in order. */
@AdminController('routes')
export class RoutesController {
  constructor(
    private readonly database: Database,
    private readonly setRoute: SetRoute,
  ) {}

  @Get()
  @Requires(...ROLES)
  @AnswersList(RouteDto)
  async list(): Promise<RouteDto[]> {
    return [...(await findRoutes(this.database)).values()].map(shownRoute);
  }

  /**
   * Replaces a route for every instance at once; withdrawals already at a venue stay at the venue.
   * If two operators have read the same route, the first change succeeds. A second change to another
   * route receives 409 with the differences.
   */
  @Put()
  @Requires('administer')
  @Answers(RouteDto)
  async set(@Body() change: SetRouteDto): Promise<RouteDto> {
    return shownRoute(await this.setRoute.run(change));
  }
}
