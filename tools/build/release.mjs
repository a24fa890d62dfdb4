// `npm run release -- build` on a machine of each architecture, then `npm run release -- publish
// FILE FILE`: images, signatures, provenance and bills of materials of a release.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { chartValues, cosignArgs, digestIn, joined, provenanceOf } from './release-facts.mjs';
import { billOfMaterials } from './sbom.mjs';

const FOLDER = 'reports/release';
const ARCHITECTURES = { x64: 'amd64', arm64: 'arm64' };
const USAGE =
  'usage: npm run release -- build, on each architecture; then npm run release -- publish reports/release/images-amd64.json reports/release/images-arm64.json';

export async function release([step, ...files]) {
  if (!['build', 'publish'].includes(step)) throw new Error(USAGE);
  requireProgram('cosign', ['version']);
  mkdirSync(FOLDER, { recursive: true });
  if (step === 'publish') publish(files);
  else await build();
}

/** Builds, pushes, signs and attests the images of this machine's architecture. */
async function build() {
  const prefix = process.env.IMAGE_PREFIX ?? '';
  if (prefix === '')
    throw new Error('IMAGE_PREFIX is missing: name the registry and folder, with a final slash');
  const arch = ARCHITECTURES[process.arch];
  if (arch === undefined) throw new Error(`there is no image for ${process.arch}`);
  const { buildImages } = await import('./images.mjs');
  const { engine, tag, built, ...facts } = buildImages(['--release']);
  const images = {};
  for (const { image, name, bill } of built) {
    const digest = push(engine, name, `${name}-${arch}`);
    const reference = `${prefix}sluice-${image}@${digest}`;
    const provenance = `${FOLDER}/provenance-${image}-${arch}.json`;
    writeJson(provenance, provenanceOf({ image, tag, builder: builder(), ...facts }));
    cosign('sign', [reference]);
    cosign('attest', ['--type', 'cyclonedx', '--predicate', bill, reference]);
    cosign('attest', ['--type', 'slsaprovenance1', '--predicate', provenance, reference]);
    images[image] = digest;
  }
  const record = `${FOLDER}/images-${arch}.json`;
  writeJson(record, { arch, prefix, tag, images });
  console.log(`${record}: ${built.length} images of ${tag} for ${arch} are pushed and signed`);
}

/** Joins the architectures under the release's tag, and signs the result and the bill of materials. */
function publish(files) {
  requireProgram('docker', ['buildx', 'version']);
  const records = files.map((file) => JSON.parse(readFileSync(file, 'utf8')));
  const images = joined(records);
  const [{ prefix, tag }] = records;
  const digests = {};
  for (const { image, digests: parts } of images) {
    const name = `${prefix}sluice-${image}`;
    const sources = parts.map((digest) => `${name}@${digest}`);
    run('docker', ['buildx', 'imagetools', 'create', '--tag', `${name}:${tag}`, ...sources]);
    const inspect = ['inspect', `${name}:${tag}`, '--format', '{{.Manifest.Digest}}'];
    digests[image] = digestIn(run('docker', ['buildx', 'imagetools', ...inspect]));
    cosign('sign', [`${name}@${digests[image]}`]);
  }
  const bill = `${FOLDER}/sluice-${tag}.cdx.json`;
  writeJson(bill, billOfMaterials());
  cosign('sign-blob', ['--bundle', `${bill}.sigstore.json`, bill]);
  const values = `${FOLDER}/image-digests.yaml`;
  writeFileSync(values, chartValues({ prefix, tag, digests }));
  console.log(readFileSync(values, 'utf8'));
  console.log(`${values}: values for the chart; ${bill}: the bill of materials, signed`);
}

function push(engine, name, archTag) {
  run(engine, ['tag', name, archTag]);
  if (engine === 'docker') return digestIn(run(engine, ['push', archTag]));
  const file = `${FOLDER}/digest`;
  run(engine, ['push', '--digestfile', file, archTag]);
  return digestIn(readFileSync(file, 'utf8'));
}

function cosign(verb, args) {
  run('cosign', cosignArgs(verb, process.env.COSIGN_KEY, args));
}

function builder() {
  const { GITHUB_SERVER_URL, GITHUB_WORKFLOW_REF } = process.env;
  return GITHUB_WORKFLOW_REF
    ? `${GITHUB_SERVER_URL}/${GITHUB_WORKFLOW_REF}`
    : 'urn:sluice:built-by-hand';
}

function requireProgram(program, args) {
  if (spawnSync(program, args).status === 0) return;
  throw new Error(
    `${[program, ...args].join(' ')} does not answer: a release needs cosign 2.6 or newer for signatures, and docker with buildx`,
  );
}

function run(program, args) {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: 'utf8',
    stdio: ['inherit', 'pipe', 'pipe'],
  });
  if (status === 0) return stdout;
  throw new Error(
    `${program} ${args.join(' ')} failed: ${error?.message ?? stderr.trim().slice(-1_000)}`,
  );
}

function writeJson(file, value) {
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
}
