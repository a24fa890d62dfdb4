// `npm run images`: builds all images, or the named images, with the available engine, and writes
// each image's bill of materials.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { runChild } from './child.mjs';
import { contentsOf, IMAGES } from './image-files.mjs';
import { faultsOfRelease, labelsOf, readImageOptions, sourceOf } from './image-options.mjs';
import { billOfMaterials } from './sbom.mjs';
import { versionOf } from './version.mjs';

const ENGINES = ['docker', 'podman', 'buildah'];
/** Maximum size of an image beyond the base image. */
export const MOST_MEGABYTES = 100;
const BILLS = 'reports/images';

/**
 * `npm run images -- ledger cli --tag T -- --network host`: arguments after the second `--` go to
 * the engine's build. `--release` refuses a state that is no release. Returns the built images.
 */
export function buildImages(args) {
  const version = versionOf();
  const { images: given, tag, isForRelease, more } = readImageOptions(args, process.env, version);
  const images = given.length === 0 ? [...IMAGES.keys()] : given;
  const unknown = images.filter((image) => !IMAGES.has(image));
  if (unknown.length > 0)
    throw new Error(
      `no such image: ${unknown.join(', ')}; there are ${[...IMAGES.keys()].join(', ')}`,
    );
  const base = baseImage();
  const commit = commitFacts();
  if (isForRelease) refuse(faultsOfRelease({ tag, version, base, revision: commit.revision }));
  const engine = engineThatIsThere();
  const built = images.map((image) => {
    const name = nameOf(image, tag);
    const since = performance.now();
    build(engine, { image, name, tag, base, labels: labelsOf({ image, tag, ...commit }), more });
    const bill = writeBill(image);
    const seconds = ((performance.now() - since) / 1_000).toFixed(0);
    const megabytes = beyondBase(engine, name, base);
    console.log(`${name}  ${sizeText(megabytes)}  ${seconds} s  ${bill}`);
    return { image, name, bill, megabytes };
  });
  const heavy = built.filter(({ megabytes }) => megabytes > MOST_MEGABYTES);
  if (heavy.length > 0)
    throw new Error(
      `more than ${MOST_MEGABYTES} MB beyond the base: ${heavy.map(({ image }) => image).join(', ')}`,
    );
  return { engine, tag, base, ...commit, built };
}

function refuse(faults) {
  if (faults.length > 0) throw new Error(`no release from this state:\n- ${faults.join('\n- ')}`);
}

/** `IMAGE_PREFIX` is the registry and folder for pushing the images, with a trailing slash. */
export function nameOf(image, tag) {
  return `${process.env.IMAGE_PREFIX ?? ''}sluice-${image}:${tag}`;
}

/** Commit, time of the commit and address of the repository; empty outside of a git checkout. */
function commitFacts() {
  const [commit = '', created = ''] = git('log', '-1', '--format=%H %cI').split(' ');
  const isChanged = git('status', '--porcelain') !== '';
  return {
    revision: commit && isChanged ? `${commit}-dirty` : commit,
    created,
    source: sourceOf(git('remote', 'get-url', 'origin')),
  };
}

function git(...args) {
  const { status, stdout } = run('git', args);
  return status === 0 ? stdout.trim() : '';
}

function baseImage() {
  const [, known] = /^ARG NODE_IMAGE=(\S+)$/m.exec(readFileSync('Dockerfile', 'utf8'));
  return process.env.NODE_IMAGE || known;
}

function engineThatIsThere() {
  const wanted = process.env.CONTAINER_ENGINE;
  const engine = (wanted ? [wanted] : ENGINES).find((name) => run(name, ['version']).status === 0);
  if (engine) return engine;
  throw new Error(
    wanted
      ? `CONTAINER_ENGINE is ${wanted}, and \`${wanted} version\` does not answer`
      : `no container engine answers; install one of ${ENGINES.join(', ')}, or name one with CONTAINER_ENGINE`,
  );
}

/** Last stages of the Dockerfile: a service, a standalone program, a command. */
function targetOf(image) {
  if (image === 'cli') return 'command';
  return contentsOf(image).isService ? 'service' : 'alone';
}

function build(engine, { image, name, tag, base, labels, more }) {
  const { status } = runChild(
    engine,
    [
      'build',
      '--target',
      targetOf(image),
      '--tag',
      name,
      '--build-arg',
      `NODE_IMAGE=${base}`,
      '--build-arg',
      `APP=${image}`,
      '--build-arg',
      `VERSION=${tag}`,
      ...labels.flatMap((label) => ['--label', label]),
      // podman's own default format would lose the health check.
      ...(engine === 'docker' ? [] : ['--layers', '--format', 'docker']),
      ...more,
      '.',
    ],
    { stdio: ['ignore', 2, 'inherit'] },
  );
  if (status !== 0)
    throw new Error(
      `${engine} could not build ${image}; NODE_IMAGE (now ${base}) names another base, arguments behind a second -- go to ${engine} build`,
    );
}

function writeBill(image) {
  const { projects, packages } = contentsOf(image);
  const file = `${BILLS}/sluice-${image}.cdx.json`;
  mkdirSync(BILLS, { recursive: true });
  const bill = billOfMaterials([...projects, ...packages]);
  writeFileSync(file, `${JSON.stringify(bill, null, 2)}\n`);
  return file;
}

function beyondBase(engine, name, base) {
  const [image, under] = [name, base].map((one) => {
    const { status, stdout } = run(engine, ['image', 'inspect', '--format', '{{.Size}}', one]);
    return status === 0 ? Number(stdout) : NaN;
  });
  return (image - under) / 1e6;
}

function sizeText(megabytes) {
  return Number.isNaN(megabytes) ? 'size unknown' : `${megabytes.toFixed(1)} MB beyond the base`;
}

function run(program, args) {
  return spawnSync(program, args, { encoding: 'utf8' });
}
