import type { VenueSpan } from './venue-adapter.js';

export function covers(span: VenueSpan, wanted: VenueSpan): boolean {
  return span.from <= wanted.from && span.to >= wanted.to;
}

/** Returns the span covered by both; null if the spans do not overlap. */
export function intersection(one: VenueSpan, other: VenueSpan): VenueSpan | null {
  const span = {
    from: one.from > other.from ? one.from : other.from,
    to: one.to < other.to ? one.to : other.to,
  };
  return span.from <= span.to ? span : null;
}
