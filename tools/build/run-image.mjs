// First program of a service's image: prints the help of the image, or starts the named program of
// the image as `node PROGRAM` would. Node itself would print its own help.
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const HELP = `A program of Sluice, in an image.

usage: IMAGE [PROGRAM] [ARGUMENTS]

  app/dist/main.js     the service (default)
  app/dist/migrate.js  migrates the service's database as its owner, and exits

Settings are environment variables (docs/configuration.md); a missing or wrong variable ends the
program with one sentence. NODE_OPTIONS=--max-old-space-size=MB bounds the heap; the default is 2000.
`;

const [program = '--help'] = process.argv.splice(2, 1);
if (program.startsWith('-')) {
  const isHelp = program === '--help' || program === '-h';
  (isHelp ? process.stdout : process.stderr).write(HELP);
  process.exitCode = isHelp ? 0 : 2;
} else {
  process.argv[1] = resolve(program);
  await import(pathToFileURL(process.argv[1]).href);
}
