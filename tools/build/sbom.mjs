// `npm run -s sbom > sbom.json`: bill of materials of the services as CycloneDX, from the lockfile
// alone; also for a single image.
import { readFileSync } from 'node:fs';
import { runChild } from './child.mjs';

const DEVELOPMENT = 'cdx:npm:package:development';

/**
 * npm's own document without development packages. The lockfile decides, because npm's `--omit dev`
 * also drops packages shared with development, for example pg. npm also knows only the first of two
 * copies of a version.
 *
 * @param paths Lockfile paths contained in an image. Default: all shipped packages.
 */
export function billOfMaterials(paths) {
  const bom = npmBill();
  const { name, license } = readJson('package.json');
  const component = { ...bom.metadata.component, name, licenses: [{ license: { id: license } }] };
  const shipped = shippedPackages(readJson('package-lock.json'), paths && new Set(paths));
  const components = bom.components
    .filter((one) => shipped.has(one['bom-ref']))
    .map((one) => ({ ...one, scope: 'required', properties: withoutMark(one.properties) }));
  const kept = new Set([component, ...components].map((one) => one['bom-ref']));
  const dependencies = bom.dependencies
    .filter(({ ref }) => kept.has(ref))
    .map(({ ref, dependsOn = [] }) => ({
      ref,
      dependsOn: dependsOn.filter((one) => kept.has(one)),
    }));
  return { ...bom, metadata: { ...bom.metadata, component }, components, dependencies };
}

function npmBill() {
  const args = ['sbom', '--package-lock-only', '--sbom-format=cyclonedx', '--include=dev'];
  const { status, stdout, stderr } = runChild('npm', args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 1 << 26,
  });
  if (status !== 0) throw new Error(`npm sbom failed: ${stderr.trim().slice(-1_000)}`);
  return JSON.parse(stdout);
}

/** Shipped packages and our own apps and libraries as `name@version`; no tools. */
function shippedPackages({ packages }, only) {
  const shipped = Object.entries(packages).filter(
    ([path, { dev, link }]) =>
      !link &&
      (only?.has(path) ??
        (!dev && (path.includes('node_modules/') || /^(apps|libs)\//.test(path)))),
  );
  return new Set(shipped.map(([path, { name, version }]) => `${name ?? nameOf(path)}@${version}`));
}

function nameOf(path) {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

function withoutMark(properties = []) {
  return properties.filter(({ name }) => name !== DEVELOPMENT);
}

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}
