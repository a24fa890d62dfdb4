// The version of the root package.json is the version of every package, the chart, the images and
// the reference documents: `npm run release:version -- 0.4.0` writes the version to all of them.
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const VERSION = String.raw`\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?`;
/** SemVer without build metadata, because a tag of an image contains no plus sign. */
const WHOLE = new RegExp(`^${VERSION}$`);
const PACKAGE = new RegExp(`^(  "version": ")${VERSION}(",?)$`, 'm');
const ARCHIVE = new RegExp(String.raw`(sluice-(?:client|consumer-kit)-)${VERSION}(\.tgz)`, 'g');

/** Places of the version in files other than package.json, by file. */
const PLACES = new Map([
  ['deploy/helm/sluice/Chart.yaml', new RegExp(`^((?:version|appVersion): )${VERSION}()$`, 'gm')],
  ['Dockerfile', new RegExp(`^(ARG VERSION=)${VERSION}()$`, 'gm')],
  ['docs/events/asyncapi.json', new RegExp(`^(    "version": ")${VERSION}(",?)$`, 'm')],
  ['docs/client.md', ARCHIVE],
  ['docs/consumers.md', ARCHIVE],
  ['libs/client/README.md', ARCHIVE],
  ['libs/consumer-kit/README.md', ARCHIVE],
  ['examples/consumer/README.md', ARCHIVE],
]);

export function versionOf(root = '.') {
  return JSON.parse(read(root, 'package.json')).version;
}

/** True for a released version: no `0.4.0-dev`, which precedes 0.4.0. */
export function isRelease(version) {
  return /^\d+\.\d+\.\d+$/.test(version);
}

/** Returns the files with their content for `version`, for all files that contain the version. */
export function filesWith(version, root = '.') {
  if (!WHOLE.test(version ?? ''))
    throw new Error(
      `the version has to be a semantic version without build metadata, such as 0.4.0 or 0.4.0-dev; it is '${version}'`,
    );
  const packages = [
    'package.json',
    ...globSync('{apps,libs,tools}/*/package.json', { cwd: root }).sort(),
  ].map((file) => [file, replaced(root, file, PACKAGE, version)]);
  const places = [...PLACES].map(([file, place]) => [file, replaced(root, file, place, version)]);
  return new Map([...packages, ...places, ['package-lock.json', lockfile(version, root)]]);
}

/** Writes the version to all files, and returns the changed files. */
export function setVersion(version, root = '.') {
  const changed = [...filesWith(version, root)].filter(([file, text]) => text !== read(root, file));
  for (const [file, text] of changed) writeFileSync(join(root, file), text);
  return changed.map(([file]) => file);
}

function replaced(root, file, place, version) {
  const text = read(root, file);
  if (text.search(place) < 0) throw new Error(`${file} contains no version to replace`);
  return text.replace(place, `$1${version}$2`);
}

/** Our own projects in the lockfile; versions of fetched packages stay. */
function lockfile(version, root) {
  const lock = JSON.parse(read(root, 'package-lock.json'));
  lock.version = version;
  for (const [path, entry] of Object.entries(lock.packages))
    if (!path.includes('node_modules/') && entry.version !== undefined) entry.version = version;
  return `${JSON.stringify(lock, null, 2)}\n`;
}

function read(root, file) {
  return readFileSync(join(root, file), 'utf8');
}
