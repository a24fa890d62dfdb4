import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  ALL_TOPICS,
  readersOf,
  REPORTING_SERVICES,
  topicsProducedBy,
  topicsReadBy,
} from '@sluice/messages';
import { workspaceRoot } from '@sluice/test-servers';
import { SERVICE_NAMES, specOf, type ServiceName } from './services.js';
import { VENUE_NAMES, venueOf, venueOfConnector } from './venues.js';

const specs = SERVICE_NAMES.map(specOf);
const VENUES_OF_TOPICS = ALL_TOPICS.flatMap(
  ({ name }) => /^venue\.(.+)\.commands$/.exec(name)?.[1] ?? [],
);
const twice = <T>(values: readonly T[]): readonly T[] =>
  values.filter((value, index) => values.indexOf(value) !== index);

describe('the table of services', () => {
  it('names apps that exist', () => {
    expect(
      SERVICE_NAMES.filter((name) => !existsSync(join(workspaceRoot(), 'apps', name))),
    ).toEqual([]);
  });

  it('gives no database and no port of the machine to two', () => {
    const ports = specs.flatMap(({ machinePort, isPublic }) =>
      isPublic ? [machinePort, machinePort + 1] : [machinePort],
    );

    expect(twice(specs.map(({ database }) => database))).toEqual([]);
    expect(twice(ports)).toEqual([]);
  });

  it('has services need services of the table only', () => {
    const needed = specs.flatMap(({ needs = {}, asks = {} }) => [
      ...Object.values(needs),
      ...Object.values(asks),
    ]);

    expect(needed.filter((name) => !SERVICE_NAMES.some((known) => known === name))).toEqual([]);
  });

  it('has every service that a topic names', () => {
    const known: readonly string[] = SERVICE_NAMES;
    const named = ALL_TOPICS.map((topic) => [topic.producedBy, ...readersOf(topic)]);

    expect(named.flat().filter((name) => !known.includes(name))).toEqual([]);
  });

  it.each(SERVICE_NAMES)(
    '%s produces and consumes the topics listed in ARCHITECTURE.md',
    (name) => {
      expect(documented(name)).toEqual({
        consumes: [...topicsReadBy(name)].sort(),
        produces: [...topicsProducedBy(name)].sort(),
      });
    },
  );

  it('has one venue that always runs, the first', () => {
    expect(VENUE_NAMES.filter((venue) => venueOf(venue).always)).toEqual([VENUE_NAMES[0]]);
  });
});

/** Row of a service in the table of processes in ARCHITECTURE.md; `<venue>` means the venue of the service, or every venue. `<service>` means the service itself, or every reporting service. */
function documented(name: ServiceName): object {
  const venue = venueOfConnector(name);
  const venues = venue === undefined ? VENUES_OF_TOPICS : [venue];
  const row = readFileSync(join(workspaceRoot(), 'ARCHITECTURE.md'), 'utf8')
    .split('\n')
    .find((line) => line.startsWith(`| \`${venue === undefined ? name : 'connector-<venue>'}\``));
  const [, , , consumes = '', produces = ''] = row?.split('|') ?? [];
  const topics = (cell: string, services: readonly string[]): readonly string[] =>
    [...cell.matchAll(/`([^`]+)`/g)]
      .flatMap(([, topic = '']) => venues.map((venue) => topic.replace('<venue>', venue)))
      .flatMap((topic) => services.map((service) => topic.replace('<service>', service)))
      .filter((topic, at, all) => all.indexOf(topic) === at)
      .sort();
  return { consumes: topics(consumes, REPORTING_SERVICES), produces: topics(produces, [name]) };
}
