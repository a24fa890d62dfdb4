// Facts of a release as documents: provenance of an image, digests for the chart, and cosign calls.

/** Provenance by SLSA 1.0: the commit and the base that an image was built from. */
export function provenanceOf({ image, tag, revision, source, base, builder }) {
  const [name, digest] = base.split('@sha256:');
  return {
    buildDefinition: {
      buildType: 'urn:sluice:npm-run-release:v1',
      externalParameters: { image, version: tag, base },
      resolvedDependencies: [
        { uri: `git+${source || 'unknown'}`, digest: { gitCommit: revision } },
        { uri: `pkg:docker/${name}`, digest: { sha256: digest } },
      ],
    },
    runDetails: { builder: { id: builder } },
  };
}

/** Values of the chart that pin every image by digest. */
export function chartValues({ prefix, tag, digests }) {
  const lines = Object.entries(digests).map(([image, digest]) => `    ${image}: ${digest}`);
  return ['image:', `  prefix: '${prefix}'`, `  tag: '${tag}'`, '  digests:', ...lines, ''].join(
    '\n',
  );
}

/**
 * Arguments of cosign: keyless with the identity of the caller and the public transparency log, or
 * with a key and without the log, because the log publishes names of private images.
 */
export function cosignArgs(verb, key, args) {
  return [verb, '--yes', ...(key ? ['--key', key, '--tlog-upload=false'] : []), ...args];
}

/**
 * Joins the digests of the architectures by image. Throws unless every architecture has the same
 * version and the same images.
 */
export function joined(records) {
  const [first, ...others] = records;
  if (first === undefined) throw new Error('no file with the images of an architecture was given');
  const names = Object.keys(first.images).sort();
  for (const one of others) {
    if (one.tag !== first.tag || one.prefix !== first.prefix)
      throw new Error(
        `${one.arch} is ${one.prefix}${one.tag}, ${first.arch} is ${first.prefix}${first.tag}`,
      );
    if (Object.keys(one.images).sort().join() !== names.join())
      throw new Error(`${one.arch} and ${first.arch} have different images`);
  }
  if (new Set(records.map(({ arch }) => arch)).size < records.length)
    throw new Error(`two files describe the same architecture`);
  return names.map((image) => ({ image, digests: records.map(({ images }) => images[image]) }));
}

/** Returns the digest that an engine printed or wrote. */
export function digestIn(text) {
  const digest = /sha256:[0-9a-f]{64}/.exec(text)?.[0];
  if (digest === undefined) throw new Error(`no digest in the answer: ${text.trim().slice(-200)}`);
  return digest;
}
