import { join } from 'node:path';
import { generateFiles, type Tree } from '@nx/devkit';
import { editList, lockWorkspace, textOf } from '#edit-list';
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
  editList(
    tree,
    COMPOSE,
    `venue.${venue.venue}.commands`,
    / venue\.events/,
    (next) => ` venue.${venue.venue}.commands${next}`,
  );
  editList(
    tree,
    SETTINGS,
    `## connector-${venue.venue}\n`,
    /## venue-simulator\n/,
    (next) => settingsOf(venue) + next,
  );
  lockWorkspace(tree, `connector-${venue.venue}`, venue.version);
}

function addTopic(tree: Tree, { venue, venueProperty }: VenueNames): void {
  const commands = `${venueProperty}Commands`;
  editList(
    tree,
    TOPICS,
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
    /\n {2}venueCommands,\n {2}type VenueCommands\b/,
    (next) => `\n  ${commands},${next}`,
  );
  editList(tree, INDEX, null, /\n {2}venueEvents,\n/, (next) => `\n  ${commands},${next}`);
}

function settingsOf({ venue, VENUE, title }: VenueNames): string {
  return `## connector-${venue}

| Variable | Default | |
|---|---|---|
| \`${VENUE}_BASE_URL\` | – | address of ${title} |
| \`${VENUE}_API_KEY\`, \`${VENUE}_API_SECRET\` | – | permissions to withdraw and to read the records of withdrawals |

And \`RATE_PLAN\`, \`POLL_INTERVAL_MS\`, \`SUBMIT_TIMEOUT_MS\`, \`ABSENCE_AFTER_MS\`, \`SUBMIT_CONCURRENCY\` (16), \`HALT_MS\`, \`HONOURED_FOR_MS\`, \`REFUSAL_LOOKUP_AFTER_MS\` and \`NOT_LISTED_AFTER_MS\`, as above.

`;
}
