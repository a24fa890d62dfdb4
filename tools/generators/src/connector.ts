import { join } from 'node:path';
import {
  formatFiles,
  generateFiles,
  names,
  readJson,
  type GeneratorCallback,
  type Tree,
} from '@nx/devkit';
import { nextSteps } from '#next-steps';
import { registerVenue } from '#register-venue';

interface ConnectorOptions {
  /** `acme`, `acme-pay`: as folders, topics and settings name the venue. */
  readonly name: string;
  /** Venue name for people. */
  readonly title?: string;
}

const TEMPLATES = join(import.meta.dirname, 'connector-files');
const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** Writes `apps/connector-<name>` and the venue's lines elsewhere. Throws for a name that no folder could have, and never overwrites a connector. */
export async function generateConnector(
  tree: Tree,
  { name, title }: ConnectorOptions,
): Promise<GeneratorCallback> {
  if (!NAME.test(name))
    throw new Error(
      `a venue is named in small letters, digits and hyphens, like acme or acme-pay, not ${name}`,
    );
  const folder = `apps/connector-${name}`;
  if (tree.exists(folder)) throw new Error(`${folder} is there already`);
  const { className, constantName, propertyName } = names(name);
  const venue = {
    venue: name,
    Venue: className,
    VENUE: constantName,
    venueProperty: propertyName,
    title: title ?? className,
    version: readJson<{ version: string }>(tree, 'package-lock.json').version,
  };

  generateFiles(tree, TEMPLATES, folder, venue);
  registerVenue(tree, venue);
  await formatFiles(tree);
  return () => void process.stdout.write(nextSteps(venue));
}
