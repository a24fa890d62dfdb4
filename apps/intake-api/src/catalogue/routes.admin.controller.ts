import { Body, Get, Put } from '@nestjs/common';
import { AdminController, Requires, ROLES, RouteDto, SetRouteDto } from '@sluice/admin-api';
import { Answers, AnswersList } from '@sluice/http-api';
import { Database } from '@sluice/postgres';
import { shownRoute } from './route-dto.js';
import { findRoutes } from './route-store.js';
import { SetRoute } from './set-route.js';

/** Which venues pay what, in which order. */
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
   * Puts one route in place of the one there is, for every instance at once; withdrawals already with a venue stay there. Of two who
   * have read the same route one sets it, and the other gets 409 with what has changed meanwhile.
   */
  @Put()
  @Requires('administer')
  @Answers(RouteDto)
  async set(@Body() change: SetRouteDto): Promise<RouteDto> {
    return shownRoute(await this.setRoute.run(change));
  }
}
