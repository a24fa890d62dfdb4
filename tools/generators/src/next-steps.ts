import type { VenueNames } from '#venue-names';

/** Text shown to a person after the generator has finished. */
export function nextSteps({ venue, Venue }: VenueNames): string {
  return `
apps/connector-${venue} is there and pays nothing yet. Every place that waits for you says "fill in":
  grep -rni 'fill in' apps/connector-${venue}
It starts, and is unready until its start-up check is filled in; its tests fail and say what they miss:
  npm install --ignore-scripts && node tools/build/complete-lockfile.mjs
  nx run connector-${venue}:unit
  nx run connector-${venue}:integration
Left to you, because it is not only the connector's (CONTRIBUTING.md, "a venue"):
  the simulator            apps/venue-simulator/src/${venue}, a line in venues.ts
  the signature            libs/signing, with recorded vectors
  the route                rows in the intake's tables
  the local stack          an entry in tools/stack/src/tables/venues.ts, then nx run stack:compose
To take the venue away again: delete apps/connector-${venue}; tidy (nx run tidy:unit) then names each line that still speaks of ${Venue}.
`;
}
