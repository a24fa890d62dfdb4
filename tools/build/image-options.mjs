// Options of `npm run images`, and the labels of an image.
import { isRelease } from './version.mjs';

const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const DIGEST = /@sha256:[0-9a-f]{64}$/;

/**
 * Reads `npm run images -- ledger cli --tag T --release -- --network host`. The tag comes from
 * `--tag`, from `IMAGE_TAG`, or from the version of the root package.json.
 */
export function readImageOptions(args, env, version) {
  const cut = args.includes('--') ? args.indexOf('--') : args.length;
  const own = args.slice(0, cut);
  const at = own.indexOf('--tag');
  const given = at < 0 ? env.IMAGE_TAG : (own[at + 1] ?? '');
  const tag = given === undefined || (given === '' && at < 0) ? version : given;
  const isForRelease = own.includes('--release');
  const images = own.filter(
    (word, index) => word !== '--release' && (at < 0 || (index !== at && index !== at + 1)),
  );
  const unknown = images.find((word) => word.startsWith('-'));
  if (unknown !== undefined)
    throw new Error(
      `${unknown} is no option; there are --tag TAG, --release, and -- with arguments for the engine`,
    );
  return { images, tag: checkedTag(tag, version), isForRelease, more: args.slice(cut + 1) };
}

function checkedTag(tag, version) {
  if (!TAG.test(tag))
    throw new Error(
      `'${tag}' is no tag of an image: letters, digits, dots, hyphens and underscores`,
    );
  if (tag === 'latest')
    throw new Error('latest is no version: the tag names another image tomorrow');
  if (isRelease(tag) && tag !== version)
    throw new Error(
      `${tag} is the tag of a release, and this is ${version}: use a pre-release such as ${version}.1, or check out the tag v${tag}`,
    );
  return tag;
}

/** Returns the reasons against a release from this state; an empty list allows the release. */
export function faultsOfRelease({ tag, version, base, revision }) {
  return [
    ...(isRelease(version)
      ? []
      : [`${version} is no released version: run \`npm run release:version -- X.Y.Z\` and commit`]),
    ...(tag === version ? [] : [`the tag ${tag} is not the version ${version}`]),
    ...(DIGEST.test(base)
      ? []
      : [
          `NODE_IMAGE is ${base}, without a digest: print the digest with \`docker buildx imagetools inspect ${base} --format '{{.Manifest.Digest}}'\` and set NODE_IMAGE=${base}@sha256:…`,
        ]),
    ...(/^[0-9a-f]{40}$/.test(revision)
      ? []
      : [`the checkout is no clean commit (${revision || 'no git'}): commit every change`]),
  ];
}

/** Labels of an image by the OCI image specification, without unknown values. */
export function labelsOf({ image, tag, revision, created, source }) {
  const labels = { title: `sluice-${image}`, version: tag, revision, created, source };
  return Object.entries({ ...labels, licenses: 'Apache-2.0' })
    .filter(([, value]) => value)
    .map(([name, value]) => `org.opencontainers.image.${name}=${value}`);
}

/** Returns the address of a git remote without credentials; empty if the remote is no web address. */
export function sourceOf(remote) {
  const web = remote.trim().replace(/^(?:ssh:\/\/)?git@([^:/]+)[:/]/, 'https://$1/');
  if (!web.startsWith('https://')) return '';
  const { host, pathname } = new URL(web);
  return `https://${host}${pathname.replace(/\.git$/, '')}`;
}
