import { faultsOfRelease, labelsOf, readImageOptions, sourceOf } from '../image-options.mjs';

const DEV = '0.4.0-dev';
const REVISION = 'a'.repeat(40);
const BASE = `node:24@sha256:${'b'.repeat(64)}`;

describe('the options of npm run images', () => {
  it('are images, a tag, and arguments for the engine', () => {
    expect(
      readImageOptions(
        ['ledger', '--tag', '0.4.0-dev.1', 'cli', '--', '--network', 'host'],
        {},
        DEV,
      ),
    ).toEqual({
      images: ['ledger', 'cli'],
      tag: '0.4.0-dev.1',
      isForRelease: false,
      more: ['--network', 'host'],
    });
  });

  it('have the version as the tag unless a tag is given', () => {
    expect(readImageOptions([], {}, DEV).tag).toBe(DEV);
    expect(readImageOptions([], { IMAGE_TAG: '' }, DEV).tag).toBe(DEV);
    expect(readImageOptions([], { IMAGE_TAG: 'next' }, DEV).tag).toBe('next');
    expect(readImageOptions(['--tag', 'one'], { IMAGE_TAG: 'next' }, DEV).tag).toBe('one');
    expect(readImageOptions(['--release'], {}, '0.4.0')).toMatchObject({
      isForRelease: true,
      images: [],
    });
  });

  it.each([
    [['--tag', 'latest'], 'latest is no version'],
    [['--tag', '0.3.0'], '0.3.0 is the tag of a release'],
    [['--tag', 'a b'], 'no tag of an image'],
    [['--tag'], 'no tag of an image'],
    [['--tags', 'x'], '--tags is no option'],
  ])('are refused as %j', (args, text) => {
    expect(() => readImageOptions(args, {}, DEV)).toThrow(text);
  });
});

describe('a release', () => {
  const state = { tag: '0.4.0', version: '0.4.0', base: BASE, revision: REVISION };

  it('is made from a clean commit on a base with a digest', () => {
    expect(faultsOfRelease(state)).toEqual([]);
  });

  it.each([
    [{ base: 'node:24.21.0-trixie-slim' }, 'imagetools inspect node:24.21.0-trixie-slim'],
    [{ version: DEV, tag: DEV }, 'no released version'],
    [{ tag: '0.4.0-amd64' }, 'is not the version 0.4.0'],
    [{ revision: `${REVISION}-dirty` }, 'no clean commit'],
    [{ revision: '' }, 'no git'],
  ])('is refused with %j', (wrong, text) => {
    expect(faultsOfRelease({ ...state, ...wrong })).toEqual([expect.stringContaining(text)]);
  });
});

describe('the labels of an image', () => {
  it('name its title, version, commit, time, source and licence, and no unknown value', () => {
    const facts = {
      image: 'ledger',
      tag: DEV,
      revision: REVISION,
      created: '2026-11-27T00:00:00Z',
      source: '',
    };

    expect(labelsOf(facts)).toEqual([
      'org.opencontainers.image.title=sluice-ledger',
      'org.opencontainers.image.version=0.4.0-dev',
      `org.opencontainers.image.revision=${REVISION}`,
      'org.opencontainers.image.created=2026-11-27T00:00:00Z',
      'org.opencontainers.image.licenses=Apache-2.0',
    ]);
  });

  it.each([
    ['https://user:secret@git.example/team/sluice.git\n', 'https://git.example/team/sluice'],
    ['git@git.example:team/sluice.git', 'https://git.example/team/sluice'],
    ['/srv/git/sluice', ''],
  ])('have the source of %j without credentials', (remote, source) => {
    expect(sourceOf(remote)).toBe(source);
  });
});
