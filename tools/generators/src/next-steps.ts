import type { VenueNames } from '#venue-names';

/** Text shown to a person after the generator has finished. */
export function nextSteps({ venue, Venue }: VenueNames): string {
  return `
apps/connector-${venue} is generated and cannot pay yet. Every place to complete contains "fill in":
  grep -rni 'fill in' apps/connector-${venue}
The service starts, and is unready until the start-up check is complete; failing tests name the missing parts:
  npm install --ignore-scripts && node tools/build/complete-lockfile.mjs
  nx run connector-${venue}:unit
  nx run connector-${venue}:integration
To add by hand, outside the connector (CONTRIBUTING.md, "a venue"):
  the simulator            apps/venue-simulator/src/${venue}, a line in venues.ts
  the signature            libs/signing, with recorded vectors
  the route                rows in the intake's tables
  the local stack          tools/stack/src/tables/venues/${venue}.ts, an entry in venues.ts, then nx run stack:compose
To remove the venue: delete apps/connector-${venue}; tidy (nx run repo:unit) then lists each line that still names ${Venue}.
`;
}
