import type { RouteDto, RouteVenueDto, SetRouteDto } from '@sluice/http-api';
import { ALL_TOPICS } from '@sluice/messages';
import { Amount, assetOf } from '@sluice/kernel';
import type { Venue } from '@sluice/withdrawal-core';
import type { Route } from './route-store.js';

/**
 * Names of all topics. A command for a venue without a topic would wait forever, and the withdrawal
 * with the command.
 */
const TOPICS: ReadonlySet<string> = new Set(ALL_TOPICS.map(({ name }) => name));
/** Default time for a venue to begin a withdrawal: an hour. */
const SUBMIT_WITHIN_MS = 3_600_000;

/** Checks across several fields; returns each fault as `field: reason`. */
export function faultsOf({ currency, network, was, venues }: SetRouteDto): string[] {
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

export function venueOf(dto: RouteVenueDto): Venue {
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

export function shownRoute({ currency, network, venues }: Route): RouteDto {
  return { currency, network, venues: venues.map(shownVenue) };
}

export function shownVenue(venue: Venue) {
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
