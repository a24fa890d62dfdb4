import type { VenueSpan } from './venue-adapter.js';

export function covers(span: VenueSpan, wanted: VenueSpan): boolean {
  return span.from <= wanted.from && span.to >= wanted.to;
}

/** What both cover; null when that is nothing. */
export function intersection(one: VenueSpan, other: VenueSpan): VenueSpan | null {
  const span = {
    from: one.from > other.from ? one.from : other.from,
    to: one.to < other.to ? one.to : other.to,
  };
  return span.from <= span.to ? span : null;
}
