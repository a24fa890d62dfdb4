import { FILES, filesLike, read, readJson } from './repository.js';

const { version } = readJson<{ version: string }>('package.json');

describe('a release', () => {
  it('has one version, in every project and in the lockfile', () => {
    const manifests = filesLike(/(^|\/)package\.json$/);
    const { packages } = readJson<{ packages: Record<string, { version?: string }> }>(
      'package-lock.json',
    );
    const ours = Object.entries(packages).filter(([path]) => !path.includes('node_modules/'));

    expect(
      manifests.filter((file) => readJson<{ version?: string }>(file).version !== version),
    ).toEqual([]);
    expect(
      ours.filter(([, locked]) => (locked.version ?? version) !== version).map(([path]) => path),
    ).toEqual([]);
  });

  it('stands in CHANGELOG below what is unreleased, each with a link', () => {
    const changelog = read('CHANGELOG.md');
    const sections = [...changelog.matchAll(/^## (.*)$/gm)].map(([, title]) => title);
    const linked = [...changelog.matchAll(/^\[(.+)\]: https:\/\//gm)].map(([, name]) => name);

    const { release } = JSON.parse(read('tools/repo/released/release.json')) as {
      readonly release: string;
    };
    // Previews before 1.0 were not published, and have no section.
    const released = release.startsWith('0.') ? [] : [release];

    expect(sections[0]).toBe('[Unreleased]');
    expect(sections.slice(1, 2).map((title) => title?.split(' - ')[0])).toEqual(
      released.map((name) => `[${name}]`),
    );
    for (const title of sections.slice(1)) expect(title).toMatch(/^\[.+\] - \d{4}-\d{2}-\d{2}$/);
    expect(linked).toEqual(sections.map((title) => /\[(.+)\]/.exec(title ?? '')?.[1]));
  });
});

describe('CI', () => {
  it('runs every stage of `npm test`, and a build before what needs one', () => {
    const stages = [...read('tools/build/test-stages.mjs').matchAll(/\{ name: '(\w+)'/g)].map(
      ([, name = '']) => name,
    );
    const jobs = [...read('.github/workflows/ci.yml').matchAll(/\bstages: ([a-z\d ]+),/g)].map(
      ([, names = '']) => names.split(' '),
    );

    expect(stages.length).toBeGreaterThan(5);
    expect(new Set(jobs.flat())).toEqual(new Set(stages));
  });
});

describe('owners', () => {
  it('are named for folders and files that exist', () => {
    const paths = read('.github/CODEOWNERS')
      .split('\n')
      .filter((line) => line.startsWith('/'))
      .map((line) => line.split(/\s+/)[0] ?? '');
    const missing = paths.filter((path) => {
      const start = path.slice(1).replace(/\*.*$/, '');
      return !FILES.some((file) => file.startsWith(start));
    });

    expect(paths.length).toBeGreaterThan(10);
    expect(missing).toEqual([]);
  });

  it('are named for every project', () => {
    const owners = read('.github/CODEOWNERS');
    const libraries = new Set(filesLike(/^libs\//).map((file) => file.split('/')[1]));

    expect([...libraries].filter((name) => !owners.includes(`/libs/${name}/`))).toEqual([]);
  });
});
