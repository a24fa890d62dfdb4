import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ALL_TOPICS } from '@sluice/messages';
import { workspaceRoot } from '@sluice/test-servers';
import { SERVICE_NAMES, specOf } from './services.js';
import { VENUE_NAMES, venueOf } from './venues.js';

const specs = SERVICE_NAMES.map(specOf);
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
    const needed = specs.flatMap(({ needs = {} }) => Object.values(needs));

    expect(needed.filter((name) => !SERVICE_NAMES.some((known) => known === name))).toEqual([]);
  });

  it('has topics consumed that exist, those for commands by the service that the topic names', () => {
    const owners = new Map<string, string>(ALL_TOPICS.map(({ name, service }) => [name, service]));
    const wrong = SERVICE_NAMES.flatMap((name) =>
      specOf(name).consumes.filter(
        (topic) =>
          !owners.has(topic) || (topic.endsWith('.commands') && owners.get(topic) !== name),
      ),
    );

    expect(wrong).toEqual([]);
  });

  it('has every topic produced or consumed by a service that is in it', () => {
    const known: readonly string[] = SERVICE_NAMES;

    expect(ALL_TOPICS.filter(({ service }) => !known.includes(service))).toEqual([]);
  });

  it('has one venue that always runs, the first', () => {
    expect(VENUE_NAMES.filter((venue) => venueOf(venue).always)).toEqual([VENUE_NAMES[0]]);
  });
});
