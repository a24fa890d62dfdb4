import { release } from './release.js';
import { writeReference } from './write-reference.js';

const USAGE = `usage: npm run reference [-- release]

  (nothing)   writes what is published of the code: the OpenAPI document, docs/events, the admin routes, types of the clients
  release     what is published now is that of the last release from here on; part of making one`;

const [command, ...rest] = process.argv.slice(2);

if (rest.length === 0 && command === undefined) writeReference();
else if (rest.length === 0 && command === 'release') {
  writeReference();
  release();
} else {
  console.error(USAGE);
  process.exitCode = 2;
}
