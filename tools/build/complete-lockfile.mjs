// Run after `npm install` changed package-lock.json: `node tools/build/complete-lockfile.mjs`. If a
// registry lacks a package's builds for other systems, npm omits the builds from the lockfile. `npm
// ci` rejects the lockfile everywhere afterwards ("Missing: @swc/core-darwin-arm64@ from lock
// file"). This program adds the builds by name, system and version, as stated by the package that
// requires them. npm fetches each build only on the matching system. The registry states the
// hashes. If the registry does not know the builds, use a version of the package with known builds.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const SYSTEM =
  /(android|darwin|freebsd|linux|openharmony|win32)-(arm64|arm|ia32|loong64|ppc64|riscv64|s390x|x64)(-\w+)?$/;

const file = fileURLToPath(new URL('../../package-lock.json', import.meta.url));
const lock = JSON.parse(readFileSync(file, 'utf8'));
const added = missingBuilds(lock.packages);
lock.packages = Object.fromEntries(
  Object.entries({ ...lock.packages, ...added }).sort(([a], [b]) => (a < b ? -1 : 1)),
);
takeEnginesFromBuilds(lock.packages);
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`added ${Object.keys(added).length} builds for other systems`);

function missingBuilds(packages) {
  const wanted = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies).map(([name, version]) => ({
      path,
      name,
      version,
      system: SYSTEM.exec(name),
    })),
  );
  const missing = wanted.filter(
    ({ path, name, version, system }) =>
      system && /^\d+\.\d+\.\d+$/.test(version) && !isFound(packages, path, name),
  );
  return Object.fromEntries(
    missing.map(({ name, version, system }) => [
      `node_modules/${name}`,
      {
        version,
        integrity: integrityOf(name, version),
        cpu: [system[2]],
        optional: true,
        os: [system[1]],
      },
    ]),
  );
}

/** npm silently leaves out a build that wants a newer Node than npm's own; ours runs on the pinned Node, whichever npm runs on. */
function takeEnginesFromBuilds(packages) {
  for (const [path, entry] of Object.entries(packages))
    if (entry.optional && SYSTEM.test(path)) delete entry.engines;
}

/** Searches like Node: beside the requiring package, and in each node_modules above. */
function isFound(packages, path, name) {
  for (let at = path; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    if (packages[`${at}/node_modules/${name}`]) return true;
  }
  return packages[`node_modules/${name}`] !== undefined;
}

/** Throws if the registry states no hash, because npm does not verify an entry without a hash. */
function integrityOf(name, version) {
  const asked = ['view', `${name}@${version}`, 'dist.integrity'];
  const integrity = execFileSync('npm', asked, { encoding: 'utf8' }).trim();
  if (!integrity.startsWith('sha512-')) throw new Error(`${name}@${version} has no integrity`);
  return integrity;
}
