// Lays out the files of each image after the build, without unused files: `node
// tools/build/image-files.mjs OUT`. OUT/shared holds the packages used by all services, in a common
// layer. OUT/ledger holds the ledger's additional files. Images without a service have all files in
// their own folder.
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { init, parse } from 'es-module-lexer';
import { entryOf, KEPT_AS_FILES } from './bundle.mjs';

await init;

/**
 * Project folder by image. A service is a project with a database to migrate. The console's page has
 * no program and no image: the console's server contains the page.
 */
export const IMAGES = new Map(
  [...globSync('apps/*/project.json'), 'tools/cli/project.json']
    .map((file) => dirname(file))
    .filter((folder) => existsSync(join(folder, 'src/main.ts')))
    .sort()
    .map((folder) => [basename(folder), folder]),
);
const ENTRIES = ['main', 'migrate'];
/** TypeORM loads the driver by name, and no bundler sees this import. */
const LOADED_BY_NAME = ['pg'];
const BESIDE_A_MODULE =
  /new URL\(["'][^"']*node_modules\/((?:@[^/"']+\/)?[^/"']+)[^"']*["'], import\.meta\.url\)/g;
/** Compiled code used by tests only, and package files read by compilers and debuggers only. */
const UNUSED = /\/dist\/(?:.*\/)?(?:testing|testkit)(?:\/|$)/;
/** A bundled program, which runs only in the image of its own app. */
const PROGRAM = /\/dist\/(?:main|migrate|verify)\.js(?:\.map)?$/;
const UNUSED_IN_PACKAGES = /\.(?:[cm]?ts|map|md|markdown|flow|cpp|h|gyp)$/i;

/**
 * The folders of our own projects and the lockfile's paths of packages that the code of an image can
 * reach. `files` are the packages that a bundled program loads from node_modules.
 */
export function contentsOf(image) {
  const folder = IMAGES.get(image);
  if (folder === undefined)
    throw new Error(`there is no image ${image}; there are ${[...IMAGES.keys()].join(', ')}`);
  const entries = ENTRIES.map((name) => `${folder}/dist/${name}.js`)
    .map((file) => (existsSync(entryOf(file)) ? entryOf(file) : file))
    .filter((file) => existsSync(file));
  if (entries.length === 0) throw new Error(`${folder} is not built`);
  const lockfile = JSON.parse(readFileSync('package-lock.json', 'utf8')).packages;
  const { projects, imported } = reachedFrom(entries, lockfile);
  const packages = [...closureOf(imported, lockfile)].sort();
  const isBundled = existsSync(entryOf(`${folder}/dist/main.js`));
  return {
    folder,
    isService: entries.length === ENTRIES.length,
    projects: [folder, ...projects, ...pagesOf(folder)].sort(),
    packages,
    files: isBundled ? keptAsFiles(folder, packages, lockfile) : packages,
  };
}

/** Projects whose built files the image's program delivers: the console's page. */
function pagesOf(folder) {
  const { implicitDependencies = [] } = readJson(`${folder}/project.json`);
  return implicitDependencies
    .map((name) => `apps/${name}`)
    .filter((page) => existsSync(page) && !IMAGES.has(basename(page)));
}

/** Packages outside the bundles, and packages whose bundled modules name a file beside them. */
function keptAsFiles(folder, packages, lockfile) {
  const named = globSync(`${folder}/dist/*.js`).flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(BESIDE_A_MODULE)].map(([, name]) => name),
  );
  const names = [...KEPT_AS_FILES, ...LOADED_BY_NAME, ...named].filter((name) =>
    packages.includes(`node_modules/${name}`),
  );
  return [...closureOf(new Set(names), lockfile)].sort();
}

/**
 * Follows imports through built files: a test helper without an importer in running code is left
 * out.
 */
function reachedFrom(entries, lockfile) {
  const seen = new Set(entries);
  const projects = new Set();
  const imported = new Set();
  for (const file of seen)
    for (const name of importsOf(file)) {
      if (name.startsWith('node:')) continue;
      if (name.startsWith('.')) seen.add(join(dirname(file), name));
      else if (name.startsWith('@sluice/')) {
        const [, project, door = '.'] = /^(@sluice\/[^/]+)(?:\/(.+))?$/.exec(name);
        const { resolved } = lockfile[`node_modules/${project}`];
        const { exports } = readJson(`${resolved}/package.json`);
        projects.add(resolved);
        seen.add(join(resolved, exports[door === '.' ? door : `./${door}`].default));
      } else imported.add(/^(?:@[^/]+\/)?[^/]+/.exec(name)[0]);
    }
  return { projects, imported };
}

function importsOf(file) {
  if (!file.endsWith('.js')) return [];
  const [imports] = parse(readFileSync(file, 'utf8'), file);
  return imports.flatMap(({ specifier }) => specifier ?? []);
}

/**
 * Adds all transitive dependencies. An optional peer is added only if another package requires the
 * peer.
 */
function closureOf(names, lockfile) {
  const found = new Set([...names].map((name) => required(name, '', lockfile)));
  for (const path of found) {
    const { dependencies, peerDependencies, peerDependenciesMeta, optionalDependencies } =
      lockfile[path];
    const peers = Object.keys(peerDependencies ?? {}).filter(
      (name) => !peerDependenciesMeta?.[name]?.optional,
    );
    for (const name of [...Object.keys(dependencies ?? {}), ...peers])
      found.add(required(name, path, lockfile));
    for (const name of Object.keys(optionalDependencies ?? {})) {
      const optional = resolved(name, path, lockfile);
      // Builds for other systems are in the lockfile and not on the disk.
      if (optional !== undefined && existsSync(optional)) found.add(optional);
    }
  }
  return found;
}

function required(name, from, lockfile) {
  const path = resolved(name, from, lockfile);
  if (path === undefined)
    throw new Error(`${from || 'our code'} needs ${name}, which is not locked`);
  if (lockfile[path].dev)
    throw new Error(`${from || 'our code'} needs ${name}, which is for development only`);
  return path;
}

/** Resolves like Node: in the nearest node_modules, from the package outwards. */
function resolved(name, from, lockfile) {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    const path = join(at, 'node_modules', name);
    if (lockfile[path]) return path;
    if (at === '') return undefined;
  }
}

/** Packages common to all services, without our own projects: common packages seldom change. */
export function sharedBy(contents) {
  const [first, ...others] = contents.filter(({ isService }) => isService);
  return first.files.filter((path) => others.every(({ files }) => files.includes(path)));
}

/** Creates a folder for each image, and `shared`; the folders must not exist before. */
export function layOut(out) {
  const contents = new Map([...IMAGES.keys()].map((image) => [image, contentsOf(image)]));
  const shared = sharedBy([...contents.values()]);
  copyPackages(shared, join(out, 'shared'));
  for (const [image, { folder, isService, projects, files }] of contents) {
    const at = join(out, image);
    copyPackages(isService ? files.filter((path) => !shared.includes(path)) : files, at);
    copyProjects(folder, projects, at);
    symlinkSync(folder, join(at, 'app'));
  }
}

function copyPackages(paths, to) {
  for (const path of paths)
    cpSync(path, join(to, path), {
      recursive: true,
      filter: (file) =>
        !UNUSED_IN_PACKAGES.test(file) && !file.slice(path.length).includes('/node_modules'),
    });
}

function copyProjects(own, folders, to) {
  mkdirSync(join(to, 'node_modules/@sluice'), { recursive: true });
  cpSync('package.json', join(to, 'package.json'));
  for (const folder of folders) {
    for (const part of ['package.json', 'dist'])
      cpSync(join(folder, part), join(to, folder, part), {
        recursive: true,
        filter: (file) => !UNUSED.test(file) && (folder === own || !PROGRAM.test(file)),
      });
    if (!folder.startsWith('libs/')) continue;
    const name = readJson(`${folder}/package.json`).name;
    symlinkSync(join('../..', folder), join(to, 'node_modules', name));
  }
}

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , out] = process.argv;
  if (!out) throw new Error('usage: node tools/build/image-files.mjs OUT');
  layOut(out);
}
