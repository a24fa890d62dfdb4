import { join } from 'node:path';
import { generateFiles, type Tree } from '@nx/devkit';
import { editList, lockWorkspace } from '#edit-list';
import type { VenueNames } from '#venue-names';

const TOPICS = 'libs/kernel/src/destination.ts';
const SAMPLES = 'libs/messages/src/samples';

/**
 * Adds the venue's lines outside the venue's folder. Existing lines stay unchanged, to permit
 * generating a deleted connector again.
 */
export function registerVenue(tree: Tree, venue: VenueNames): void {
  addTopics(tree, venue);
  addSamples(tree, venue, 'commands');
  addSamples(tree, venue, 'events');
  addReportSamples(tree, venue);
  lockWorkspace(tree, `connector-${venue.venue}`, venue.version);
}

function addTopics(tree: Tree, { venue }: VenueNames): void {
  const entry = `'${venue}'`;
  editList(tree, TOPICS, entry, /\] as const;\n\n\/\*\* Program of/, (end) => `, ${entry}${end}`);
}

function addSamples(tree: Tree, venue: VenueNames, kind: 'commands' | 'events'): void {
  const folder = `${SAMPLES}/venue.${venue.venue}.${kind}`;
  if (tree.exists(folder)) return;
  generateFiles(tree, join(import.meta.dirname, 'topic-samples', kind), folder, { ...venue });
}

/** Every connector reports its checks and audit entries in the same form. */
function addReportSamples(tree: Tree, { venue }: VenueNames): void {
  const [model, name] = ['connector-gateio', `connector-${venue}`];
  const from = `${SAMPLES}/audit.${model}`;
  for (const file of tree.exists(from) ? tree.children(from) : []) {
    const to = `${SAMPLES}/audit.${name}/${file}`;
    const text = tree.read(join(from, file), 'utf8') ?? '';
    if (!tree.exists(to)) tree.write(to, text.replaceAll(model, name));
  }
}
