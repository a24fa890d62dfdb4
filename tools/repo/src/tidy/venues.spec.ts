import { SIMULATED_NAMES, simulatedOf, type SimulatedName } from '@sluice/stack';
import { FILES, read } from './repository.js';

/** A venue is data: its facts are in files of its own, and few other files name the venue. */
const MOST_FILES = 10;

/** Tests, recordings, generated and released files, documents, and what is a venue's own or the simulator's. */
const NOT_COUNTED = [
  /\.spec\.ts$/,
  /\/baseline\.sql$/,
  /\.md$/,
  /^docs\//,
  /\/(samples|vectors|released|migrations|reference)\//,
  /(^|\/)(docker-compose\.yml|topics\.sh|addresses\.json|package-lock\.json|go\.sum)$/,
  /^deploy\/helm\/sluice\/files\//,
  /^tools\/bench\/budget\.json$/, // measured, one entry for each table and topic
  /^tools\/build\/test-seconds\.json$/, // measured, one entry for each long test file
  /^deploy\/prometheus\/scrape-kubernetes\.yaml$/, // one job for each service, compared by tools/cluster
  /^apps\/connector-/,
  /^apps\/venue-simulator\//,
];
const COUNTED = FILES.filter((file) => !NOT_COUNTED.some((pattern) => pattern.test(file)));

/** Hand-written files that name the venue and do not have its name in their path. */
function filesThatName(venue: SimulatedName): readonly string[] {
  const own = new RegExp(`(^|/)(connector-)?${venue}([-_./]|$)`);
  const title = simulatedOf(venue).title.replaceAll('.', '\\.');
  const name = new RegExp(`\\b(${venue}|${title})\\b`, 'i');
  return COUNTED.filter((file) => !own.test(file) && name.test(read(file)));
}

describe('a venue is named by few files outside its own', () => {
  it.each(SIMULATED_NAMES)('%s', (venue) => {
    const files = filesThatName(venue);

    expect(files).toContain('tools/stack/src/tables/venues.ts');
    expect(files.slice(MOST_FILES)).toEqual([]);
  });
});
