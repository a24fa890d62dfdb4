import { basename } from 'node:path';
import { API_VENUES, connectorOf, programOf, venueOfConnector } from '@sluice/messages';
import { FILES, filesOf, linesLike, PROJECTS, read } from './repository.js';

const CONNECTORS = PROJECTS.filter(({ folder }) => folder.startsWith('apps/connector-'));

describe('connectors', () => {
  it('exist', () => expect(CONNECTORS.length).toBeGreaterThan(0));

  it.each(CONNECTORS)('$name documents every field, status and code in MAPPING.md', (connector) => {
    const [mapping] = filesOf(connector, /\/MAPPING\.md$/);

    expect(mapping).toBe(`${connector.folder}/MAPPING.md`);
    expect(read(`${connector.folder}/MAPPING.md`).split('\n').length).toBeGreaterThan(20);
  });

  it.each(CONNECTORS)('$name passes the suite that every venue adapter passes', (connector) => {
    const specs = filesOf(connector, /\.spec\.ts$/);

    expect(specs.filter((spec) => /\bdescribeVenueAdapter\(/.test(read(spec)))).not.toEqual([]);
  });

  it('that are gone are named nowhere', () => {
    const listed = API_VENUES.filter((venue) => isGone(connectorOf(venue))).map(
      (venue) => `libs/kernel/src/destination.ts ${venue}`,
    );

    expect([...listed, ...placesThatName(isGone)]).toEqual([]);
    expect(placesThatName((connector) => connector === 'connector-gateio').length).toBeGreaterThan(
      5,
    );
  });
});

/** History may speak of what was; the generator's tests speak of what never is, and recordings of what other clients said. */
const TELLS_OF_OTHERS =
  /^(CHANGELOG\.md|docs\/adr\/.*|tools\/generators\/.*|libs\/signing\/vectors\/.*\.json)$/;
const NAMES =
  /\bconnector[-_]([a-z][a-z0-9_-]*)|\bvenue\.([a-z][a-z0-9-]*)\.(?:commands|events)\b|\bvenue(?:Commands|Events)\('([a-z0-9-]+)'\)/g;

/** What is called connector-… and is no venue's: libraries, and files of theirs. */
const OTHERS = new Set([
  ...PROJECTS.map(({ name }) => name),
  ...FILES.map((file) => basename(file).replace(/\..*$/, '')),
]);

/** The login that owns a connector's database is named after it. A further account has the venue's program. */
function isGone(connector: string): boolean {
  const name = connector.replace(/[-_]owner$/, '');
  const program = connectorOf(programOf(venueOfConnector(name) ?? ''));
  return !OTHERS.has(name) && !OTHERS.has(program);
}

/** `file:line text`, and the paths of files, that name a connector of this kind. */
function placesThatName(accepts: (connector: string) => boolean): readonly string[] {
  const names = (text: string): boolean =>
    [...text.matchAll(NAMES)].some(([, app, topic, made]) =>
      accepts(
        (app === undefined ? connectorOf(topic ?? made ?? '') : `connector-${app}`).replaceAll(
          '_',
          '-',
        ),
      ),
    );
  const files = FILES.filter((file) => !TELLS_OF_OTHERS.test(file));
  return [...files.filter(names), ...linesLike(files, NAMED).filter(names)];
}

/** The same without the flag that makes a pattern remember where it was. */
const NAMED = new RegExp(NAMES.source);
