import { join } from 'node:path';
import { generateFiles, updateJson, type Tree } from '@nx/devkit';
import type { VenueNames } from '#venue-names';

const TOPICS = 'libs/messages/src/venue-commands.topic.ts';
const INDEX = 'libs/messages/src/index.ts';
const SAMPLES = 'libs/messages/src/samples';
const COMPOSE = 'tools/stack/compose/topics.sh';
const SETTINGS = 'docs/configuration.md';

/** The venue's lines outside its folder. What is there already stays as it is, so that a deleted connector can be generated anew. */
export function registerVenue(tree: Tree, venue: VenueNames): void {
  addTopic(tree, venue);
  if (!tree.exists(`${SAMPLES}/venue.${venue.venue}.commands`))
    generateFiles(
      tree,
      join(import.meta.dirname, 'topic-samples'),
      `${SAMPLES}/venue.${venue.venue}.commands`,
      { ...venue },
    );
  edit(
    tree,
    COMPOSE,
    `venue.${venue.venue}.commands`,
    / venue\.events/,
    (next) => ` venue.${venue.venue}.commands${next}`,
  );
  edit(
    tree,
    SETTINGS,
    `## connector-${venue.venue}\n`,
    /## venue-simulator\n/,
    (next) => settingsOf(venue) + next,
  );
  lock(tree, venue);
}

function addTopic(tree: Tree, { venue, venueProperty }: VenueNames): void {
  const commands = `${venueProperty}Commands`;
  edit(
    tree,
    TOPICS,
    `const ${commands} `,
    /export type VenueCommands\b/,
    (next) => `export const ${commands} = venueCommands('${venue}');\n${next}`,
  );
  if (new RegExp(`\\b${commands}\\b`).test(textOf(tree, INDEX))) return;
  edit(tree, INDEX, null, /import \{[^}]*\} from '\.\/venue-commands\.topic\.js';/, (found) =>
    found.replace(/,?\s*\} from/, `, ${commands} } from`),
  );
  edit(
    tree,
    INDEX,
    null,
    /\n {2}venueCommands,\n {2}type VenueCommands\b/,
    (next) => `\n  ${commands},${next}`,
  );
  edit(tree, INDEX, null, /\n {2}venueEvents,\n/, (next) => `\n  ${commands},${next}`);
}

/** The lockfile lists every workspace; a package without dependencies needs nothing else in it. */
function lock(tree: Tree, { venue, version }: VenueNames): void {
  const [folder, name] = [`apps/connector-${venue}`, `@sluice/connector-${venue}`];
  updateJson<{ packages: Record<string, object> }>(
    tree,
    'package-lock.json',
    ({ packages, ...rest }) => ({
      ...rest,
      packages: sorted({
        ...packages,
        [folder]: { name, version },
        [`node_modules/${name}`]: { resolved: folder, link: true },
      }),
    }),
  );
}

function sorted(packages: Record<string, object>): Record<string, object> {
  return Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Once, unless the file has `unless`. Throws where the file no longer looks as this generator knows it: nothing is left out in silence. */
function edit(
  tree: Tree,
  file: string,
  unless: string | null,
  at: RegExp,
  write: (found: string) => string,
): void {
  const text = textOf(tree, file);
  if (unless !== null && text.includes(unless)) return;
  if (!at.test(text))
    throw new Error(
      `${file} has no place for a venue any more: ${String(at)}; tools/generators must be taught`,
    );
  tree.write(file, text.replace(at, write));
}

function textOf(tree: Tree, file: string): string {
  const text = tree.read(file, 'utf8');
  if (text === null) throw new Error(`${file} is missing; tools/generators must be taught`);
  return text;
}

function settingsOf({ venue, VENUE, title }: VenueNames): string {
  return `## connector-${venue}

| Variable | Default | |
|---|---|---|
| \`${VENUE}_BASE_URL\` | – | address of ${title} |
| \`${VENUE}_API_KEY\`, \`${VENUE}_API_SECRET\` | – | permissions to withdraw and to read the records of withdrawals |

And \`RATE_PLAN\`, \`POLL_INTERVAL_MS\`, \`SUBMIT_TIMEOUT_MS\`, \`ABSENCE_AFTER_MS\`, \`SUBMIT_CONCURRENCY\` (16), \`HALT_MS\`, \`HONOURED_FOR_MS\`, \`REFUSAL_LOOKUP_AFTER_MS\`, \`NOT_LISTED_AFTER_MS\` and \`NODE_ENV\`, as above.

`;
}
