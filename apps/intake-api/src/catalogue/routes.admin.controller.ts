import { Body, Get, Injectable, Put } from '@nestjs/common';
import {
  AdminController,
  Answers,
  AnswersList,
  ApiError,
  Requires,
  ROLES,
  RouteDto,
  type RouteVenueDto,
  SetRouteDto,
} from '@sluice/http-api';
import { Amount, assetOf } from '@sluice/kernel';
import { ALL_TOPICS } from '@sluice/messages';
import { Database, UnitOfWork } from '@sluice/postgres';
import type { Venue } from '@sluice/withdrawal-core';
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

/**
 * Names of all topics. A command for a venue without a topic would wait forever, and the withdrawal
 * with the command.
 */
const TOPICS: ReadonlySet<string> = new Set(ALL_TOPICS.map(({ name }) => name));
/** Default time for a venue to begin a withdrawal: an hour. */
const SUBMIT_WITHIN_MS = 3_600_000;

/** Checks across several fields; returns each fault as `field: reason`. */
function faultsOf({ currency, network, was, venues }: SetRouteDto): string[] {
  const asset = assetOf(currency, network);
  const amount = (text: string): Amount => Amount.of(text, asset);
  const isTwice = new Set(venues.map(({ venue }) => venue)).size < venues.length;
  return [
    ...unknownVenues('was', was),
    ...unknownVenues('venues', venues),
    ...(isTwice ? ['venues: A venue may be listed once'] : []),
    ...venues
      .filter(
        ({ min_amount: min, max_amount: max }) => min && max && amount(max).lessThan(amount(min)),
      )
      .map(({ venue }) => `venues: ${venue} has a maximum below its minimum`),
  ];
}

function unknownVenues(list: string, venues: readonly RouteVenueDto[]): string[] {
  return venues.flatMap(({ venue }, index) =>
    TOPICS.has(`venue.${venue}.commands`)
      ? []
      : [`${list}.${index}.venue: Input should be a venue of this system`],
  );
}

function venueOf(dto: RouteVenueDto): Venue {
  return {
    name: dto.venue,
    pays: [...new Set(dto.pays)],
    state: dto.state ?? 'on',
    minimum: dto.min_amount ?? null,
    maximum: dto.max_amount ?? null,
    decimals: dto.decimals ?? null,
    feePercent: dto.fee_percent ?? null,
    feeFlat: dto.fee_flat ?? null,
    submitWithinMs: dto.submit_within_ms === undefined ? SUBMIT_WITHIN_MS : dto.submit_within_ms,
  };
}

function shownRoute({ currency, network, venues }: Route): RouteDto {
  return { currency, network, venues: venues.map(shownVenue) };
}

function shownVenue(venue: Venue) {
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

/** Admin API of routes: paying venues per asset, in order. */
@AdminController('routes')
export class RoutesController {
  constructor(
    private readonly database: Database,
    private readonly setting: SetRoute,
  ) {}

  @Get()
  @Requires(...ROLES)
  @AnswersList(RouteDto)
  async routes(): Promise<RouteDto[]> {
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
  async setRoute(@Body() change: SetRouteDto): Promise<RouteDto> {
    return shownRoute(await this.setting.run(change));
  }
}

/** Venue of a route as shown to operators, field by field. */
export type ShownVenue = Readonly<Record<string, unknown>> & { readonly venue: string };

/** Describes the differences between two reads of a route in words; empty if equal. */
export function routeChanges(was: readonly ShownVenue[], is: readonly ShownVenue[]): string[] {
  const [before, now] = [was, is].map(
    (venues) => new Map(venues.map((shown) => [shown.venue, shown])),
  );
  const gone = [...(before?.keys() ?? [])]
    .filter((name) => !now?.has(name))
    .map((name) => `${name} is gone`);
  const changed = is.flatMap((shown) => {
    const then = before?.get(shown.venue);
    return then ? fieldChanges(then, shown) : [`${shown.venue} is new`];
  });
  const [orderThen, orderNow] = [was, is].map((venues) =>
    venues.map(({ venue }) => venue).join(', '),
  );
  const reordered = gone.length === 0 && was.length === is.length && orderThen !== orderNow;
  return [
    ...gone,
    ...changed,
    ...(reordered ? [`the order is ${orderNow}, was ${orderThen}`] : []),
  ];
}

function fieldChanges(was: ShownVenue, is: ShownVenue): string[] {
  return Object.keys(is).flatMap((field) => {
    const [then, now] = [was, is].map((shown) => textOf(shown[field]));
    return then === now ? [] : [`${field} of ${is.venue} is ${now}, was ${then}`];
  });
}

function textOf(value: unknown): string {
  return value === null ? 'none' : String(value);
}
