import { join } from 'node:path';
import { generateFiles, type Tree } from '@nx/devkit';
import { editList, lockWorkspace, textOf } from '#edit-list';
import type { VenueNames } from '#venue-names';

const COMMANDS = 'libs/messages/src/venue-commands.topic.ts';
const EVENTS = 'libs/messages/src/venue-events.topic.ts';
const INDEX = 'libs/messages/src/index.ts';
const SAMPLES = 'libs/messages/src/samples';
const COMPOSE = 'tools/stack/compose/topics.sh';
const SETTINGS = 'docs/configuration.md';

/**
 * Adds the venue's lines outside the venue's folder. Existing lines stay unchanged, to permit
 * generating a deleted connector again.
 */
export function registerVenue(tree: Tree, venue: VenueNames): void {
  addCommands(tree, venue);
  addEvents(tree, venue);
  addSamples(tree, venue, 'commands');
  addSamples(tree, venue, 'events');
  addToCompose(tree, `venue.${venue.venue}.commands`, / venue\.[a-z0-9-]+\.events/);
  addToCompose(tree, `venue.${venue.venue}.events`, / withdrawal\.events/);
  editList(
    tree,
    SETTINGS,
    `## connector-${venue.venue}\n`,
    /## venue-simulator\n/,
    (next) => settingsOf(venue) + next,
  );
  lockWorkspace(tree, `connector-${venue.venue}`, venue.version);
}

function addCommands(tree: Tree, { venue, venueProperty }: VenueNames): void {
  const commands = `${venueProperty}Commands`;
  editList(
    tree,
    COMMANDS,
    `const ${commands} `,
    /export type VenueCommands\b/,
    (next) => `export const ${commands} = venueCommands('${venue}');\n${next}`,
  );
  if (new RegExp(`\\b${commands}\\b`).test(textOf(tree, INDEX))) return;
  editList(tree, INDEX, null, /import \{[^}]*\} from '\.\/venue-commands\.topic\.js';/, (found) =>
    found.replace(/,?\s*\} from/, `, ${commands} } from`),
  );
  editList(
    tree,
    INDEX,
    null,
    /\n {2}venueCommands,\n {2}venueOfConnector\b/,
    (next) => `\n  ${commands},${next}`,
  );
  editList(tree, INDEX, null, /\n {2}\.\.\.VENUE_EVENTS,\n/, (next) => `\n  ${commands},${next}`);
}

function addEvents(tree: Tree, { venue }: VenueNames): void {
  const made = `venueEvents('${venue}')`;
  editList(tree, EVENTS, made, /\n\];\nexport type VenueEvents\b/, (next) => `\n  ${made},${next}`);
}

function addSamples(tree: Tree, venue: VenueNames, kind: 'commands' | 'events'): void {
  const folder = `${SAMPLES}/venue.${venue.venue}.${kind}`;
  if (tree.exists(folder)) return;
  generateFiles(tree, join(import.meta.dirname, 'topic-samples', kind), folder, { ...venue });
}

function addToCompose(tree: Tree, topic: string, before: RegExp): void {
  editList(tree, COMPOSE, ` ${topic} `, before, (next) => ` ${topic}${next}`);
}

function settingsOf({ venue, VENUE, title }: VenueNames): string {
  return `## connector-${venue}

| Variable | Default | |
|---|---|---|
| \`${VENUE}_BASE_URL\` | – | address of ${title} |
| \`${VENUE}_API_KEY\`, \`${VENUE}_API_SECRET\` | – | permissions to withdraw and to read the records of withdrawals |

And \`RATE_PLAN\`, \`POLL_INTERVAL_MS\`, \`SUBMIT_TIMEOUT_MS\`, \`ABSENCE_AFTER_MS\`, \`SUBMIT_CONCURRENCY\` (16), \`HALT_MS\`, \`HONOURED_FOR_MS\`, \`REFUSAL_LOOKUP_AFTER_MS\`, \`FAST_FAILOVER_EXPOSURE\` and \`NOT_LISTED_AFTER_MS\`, as above.

`;
}
