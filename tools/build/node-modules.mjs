// Compares node_modules with package-lock.json, before each command. npm's own record tells what
// npm has installed; the folders show what was deleted afterwards.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Written by npm at the end of an installation. */
const RECORD = 'node_modules/.package-lock.json';

/** Returns the folders of the lockfile that are missing or differ; empty for a complete node_modules. */
export function missingPackages(root) {
  const installed = packagesOf(join(root, RECORD));
  return Object.entries(packagesOf(join(root, 'package-lock.json')))
    .filter(([path, wanted]) => path.startsWith('node_modules/') && isNeededHere(wanted))
    .filter(([path, wanted]) => !isThere(root, path) || !isSame(installed[path], wanted))
    .map(([path]) => path);
}

function packagesOf(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : {};
}

/**
 * An optional package is needed if the lockfile names this platform for the package. npm alone
 * decides about other optional packages.
 */
function isNeededHere({ optional, os, cpu, libc }) {
  if (!optional) return true;
  if (os === undefined || libc !== undefined) return false;
  return names(os, process.platform) && (cpu === undefined || names(cpu, process.arch));
}

function names(listed, here) {
  return [listed].flat().includes(here);
}

function isThere(root, path) {
  return existsSync(join(root, path, 'package.json'));
}

/** A link to one of our own projects has no version. */
function isSame(found, wanted) {
  if (wanted.link) return true;
  return found?.version === wanted.version && found?.integrity === wanted.integrity;
}
