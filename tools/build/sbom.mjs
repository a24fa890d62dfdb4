// `npm run -s sbom > sbom.json`: what the services are made of, as CycloneDX, from the lockfile alone; and the same for one image.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const DEVELOPMENT = 'cdx:npm:package:development';

/**
 * npm's own document without what only development needs. What that is the lockfile tells: npm's `--omit dev` loses packages that
 * development needs as well, pg among them, and of two copies of one version it knows the first alone. `paths` are those of the lockfile that
 * one image has; without them it is about everything that is shipped.
 */
export function billOfMaterials(paths) {
  const bom = JSON.parse(
    execFileSync('npm', ['sbom', '--package-lock-only', '--sbom-format=cyclonedx'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: 1 << 26,
    }),
  );
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

/** As `name@version`: packages and our own apps and libraries; no tools. */
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
