import { execFileSync } from 'node:child_process';
import { filesLike, read, readJson, ROOT } from './repository.js';

interface Entry {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly license?: string;
  readonly link?: boolean;
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
}

interface Component {
  readonly 'bom-ref': string;
  readonly hashes?: readonly object[];
}

const { packages } = readJson<{ packages: Record<string, Entry> }>('package-lock.json');
const { allowScripts } = readJson<{ allowScripts: Record<string, boolean> }>('package.json');
const WORKFLOWS = filesLike(/^\.github\/workflows\/.+\.yml$/);
/** What npm fetches; the rest are our own projects. */
const FETCHED = Object.entries(packages).filter(
  ([path, { link }]) => path.includes('node_modules/') && link !== true,
);
const IN_PRODUCTION = FETCHED.filter(([, { dev }]) => dev !== true);

const LICENCES = [
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'ISC',
  'MIT',
];
/** A licence that only these have, each looked at. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  // required by the router for servers; the page's bundle has none of it
  isbot: 'Unlicense',
  // either, as we choose; runs on machines of developers alone
  '@foundry-rs/anvil-linux-amd64': 'MIT OR Apache-2.0',
  '@foundry-rs/anvil-linux-arm64': 'MIT OR Apache-2.0',
  argparse: 'Python-2.0', // permissive; parses the command line of js-yaml, which swagger brings and no service runs
};

describe('every package of the lockfile', () => {
  it('has the hash that npm compares with what it fetched', () => {
    expect(FETCHED.length).toBeGreaterThan(500);
    expect(pathsOf(FETCHED, ({ integrity }) => !/^sha512-/.test(integrity ?? ''))).toEqual([]);
  });

  it('comes from the registry, by no address of its own or an encrypted one', () => {
    expect(
      pathsOf(FETCHED, ({ resolved = 'https://' }) => !resolved.startsWith('https://')),
    ).toEqual([]);
    expect(pathsOf(FETCHED, ({ version }) => !/^\d+\.\d+\.\d+/.test(version ?? ''))).toEqual([]);
  });

  it('runs nothing when it is installed, by any npm', () => {
    const scripted = FETCHED.filter(([, { hasInstallScript }]) => hasInstallScript).map(nameOf);

    expect(scripted.filter((name) => allowScripts[name] !== false)).toEqual([]);
    expect(Object.values(allowScripts).filter((allowed) => allowed)).toEqual([]);
    for (const line of ['ignore-scripts=true', 'strict-allow-scripts=true', 'min-release-age=7'])
      expect(read('.npmrc').split('\n')).toContain(line);
  });

  it('is at least seven days old, for an npm that knows the setting', () => {
    const defaults = execFileSync('npm', ['config', 'ls', '--long'], {
      cwd: ROOT,
      encoding: 'utf8',
    });

    expect(defaults).toMatch(/^min-release-age = 7 *$/m);
  });
});

describe('every action of CI', () => {
  it('is pinned to a commit, with its version beside it', () => {
    const uses = WORKFLOWS.flatMap((file) => read(file).match(/uses: .+/g) ?? []);

    expect(uses.length).toBeGreaterThan(2);
    expect(
      uses.filter((one) => !/^uses: [\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(one)),
    ).toEqual([]);
  });
});

describe('every package that runs in production', () => {
  it('has a licence that lets us ship it', () => {
    expect(IN_PRODUCTION.length).toBeGreaterThan(100);
    expect(
      IN_PRODUCTION.filter(
        (entry) =>
          !LICENCES.includes(entry[1].license ?? '') &&
          EXCEPTIONS[nameOf(entry)] !== entry[1].license,
      ).map((entry) => `${nameOf(entry)}: ${entry[1].license}`),
    ).toEqual([]);
  });

  it('is in the bill of materials, with its hash', () => {
    const written = execFileSync(process.execPath, ['tools/build/commands.mjs', 'sbom'], {
      cwd: ROOT,
      encoding: 'utf8',
      maxBuffer: 1 << 26,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const bom = JSON.parse(written) as { bomFormat: string; components: Component[] };
    const hashed = bom.components.filter(({ hashes }) => hashes).map((one) => one['bom-ref']);
    const wanted = IN_PRODUCTION.map((entry) => `${nameOf(entry)}@${entry[1].version}`);

    expect(bom.bomFormat).toBe('CycloneDX');
    expect([...new Set(hashed)].sort()).toEqual([...new Set(wanted)].sort());
  });
});

function pathsOf(
  entries: readonly (readonly [string, Entry])[],
  isBad: (entry: Entry) => boolean,
): readonly string[] {
  return entries.filter(([, entry]) => isBad(entry)).map(([path]) => path);
}

function nameOf([path]: readonly [string, Entry]): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}
