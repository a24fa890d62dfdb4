import { FILES, linesLike, readJson } from './repository.js';

const OURS = FILES.filter((file) => file !== 'package-lock.json');
const SOURCES = OURS.filter((file) => /^(apps|libs|tools)\/.*\.(tsx?|mjs)$/.test(file));

/** Written so that it does not match itself. */
const EXCEPTION =
  /eslint-(?:dis|en)able|@ts-(?:ignore|nocheck|expect-error)|\bTO[D]O\b(?!\(#\d+\))|\bFIX[M]E\b/;

interface Lockfile {
  readonly packages: Readonly<
    Record<string, { version?: string; resolved?: string; link?: boolean }>
  >;
}

describe('texts', () => {
  it('name no registry: which one serves is for the machine to say', () => {
    const registry = new RegExp(
      [
        'registry\\.[a-z]',
        'npmjs\\.(?:org|com)',
        'repo1?\\.maven',
        'maven\\.google',
        'artifactory',
        'jfrog\\.io',
        'npm\\.pkg\\.',
      ].join('|'),
      'i',
    );
    const [self] = OURS.filter((file) => file.endsWith('tidy/texts.spec.ts'));

    expect(
      linesLike(
        OURS.filter((file) => file !== self),
        registry,
      ),
    ).toEqual([]);
  });

  it('name no folder of one machine', () => {
    const folder = /(?:^|[\s"'`=(:])(?:\/(?:home|root|Users|work|mnt)\/\w|[A-Z]:\\\\?Users)/;

    expect(linesLike(OURS, folder)).toEqual([]);
  });

  it('send nobody to a document that is not in the repository', () => {
    const texts = OURS.filter((file) => /\.(md|tsx?|mts|mjs|sql|sh|template)$/.test(file));
    const outside =
      /\u00a7|\bfact ?sheet|\bthe sheet\b|\b(?:intake contract|fault catalogue|finding \d+)\b/i;
    const [self] = texts.filter((file) => file.endsWith('tidy/texts.spec.ts'));

    expect(
      linesLike(
        texts.filter((file) => file !== self),
        outside,
      ),
    ).toEqual([]);
  });

  it('keep download addresses out of the lockfile', () => {
    const { packages } = readJson<Lockfile>('package-lock.json');
    const addressed = Object.entries(packages).filter(
      ([, { resolved, link }]) => resolved !== undefined && !link,
    );

    expect(Object.keys(packages).length).toBeGreaterThan(300);
    expect(addressed.map(([name]) => name)).toEqual([]);
  });

  it('hold no lint exception and no promise without an issue', () => {
    expect(linesLike(SOURCES, EXCEPTION)).toEqual([]);
  });

  it('hold no ambient declarations', () => {
    expect(SOURCES.filter((file) => file.endsWith('.d.ts'))).toEqual([]);
    expect(linesLike(SOURCES, /^declare global\b/)).toEqual([]);
  });
});
