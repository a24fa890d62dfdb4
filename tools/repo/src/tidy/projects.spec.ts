import { FILES, PROJECTS, readJson, type Project } from './repository.js';

const TYPES = [
  'primitive',
  'core',
  'signing',
  'contract',
  'chain',
  'package',
  'api',
  'platform',
  'app',
  'simulator',
  'testing',
  'tool',
].map((type) => `type:${type}`);
const SCOPES = ['withdrawal', 'ledger', 'connector'].map((scope) => `scope:${scope}`);
const TARGETS = ['build', 'compose', 'unit', 'vectors', 'integration', 'faults', 'e2e'];
const ROOT_FOLDERS = ['.ci', '.github', 'apps', 'deploy', 'docs', 'examples', 'libs', 'tools'];

describe('projects', () => {
  it('are the folders of apps, libs and tools, and nothing else lies at the root', () => {
    const folders = new Set(
      FILES.filter((file) => file.includes('/')).map((file) => file.slice(0, file.indexOf('/'))),
    );
    const withSources = new Set(
      FILES.flatMap((file) => /^((?:apps|libs|tools)\/[^/]+)\/src\//.exec(file)?.[1] ?? []),
    );

    expect([...folders].filter((folder) => !ROOT_FOLDERS.includes(folder))).toEqual([]);
    expect(
      [...withSources].filter((folder) => !PROJECTS.some((project) => project.folder === folder)),
    ).toEqual([]);
    expect(PROJECTS.length).toBeGreaterThan(15);
  });

  it('are at most 31 beside the apps: a venue and a service add one each', () => {
    expect(PROJECTS.filter(({ folder }) => !folder.startsWith('apps/')).length).toBeLessThanOrEqual(
      31,
    );
  });

  it.each(PROJECTS)(
    '$folder has one type, a scope only where one is meant, and known targets',
    ({ tags, targets }) => {
      expect(tags.filter((tag) => TYPES.includes(tag))).toHaveLength(1);
      expect(tags.filter((tag) => !TYPES.includes(tag) && !SCOPES.includes(tag))).toEqual([]);
      expect(tags.filter((tag) => SCOPES.includes(tag)).length).toBe(
        tags.includes('type:core') || tags.length > 1 ? 1 : 0,
      );
      expect(targets.filter((target) => !TARGETS.includes(target))).toEqual([]);
    },
  );

  it.each(PROJECTS.filter(isPackage))(
    '$folder is the package @sluice/<folder>, private, with its sources for the compiler and its build for Node',
    ({ name, folder, tags }) => {
      const { exports, ...rest } = readJson<Record<string, unknown>>(`${folder}/package.json`);

      expect(rest).toMatchObject({ name: `@sluice/${name}`, private: true, type: 'module' });
      expect(folder.endsWith(`/${name}`)).toBe(true);
      if (folder.startsWith('libs/'))
        expect(exports).toEqual({
          '.': {
            '@sluice/source': './src/index.ts',
            ...(tags.includes('type:package') ? INSTALLED : { default: './dist/index.js' }),
          },
          ...(FILES.includes(`${folder}/src/postgres/schema.ts`) && SCHEMA),
          ...Object.fromEntries(
            ENTRIES.filter((entry) => FILES.includes(`${folder}/src/${entry}.ts`)).map(entryOf),
          ),
        });
    },
  );

  it('are libraries with one index each', () => {
    const indexes = FILES.filter((file) => /^(apps|libs|tools)\/.*\/index\.ts$/.test(file));

    expect(indexes.filter((file) => !/^(libs|tools)\/[^/]+\/src\/index\.ts$/.test(file))).toEqual(
      [],
    );
  });
});

/** What a service keeps in its database can be had alone: the job that migrates it loads nothing else. */
const SCHEMA = {
  './schema': {
    '@sluice/source': './src/postgres/schema.ts',
    default: './dist/postgres/schema.js',
  },
};
/** Packages that others install are CommonJS, with an entry for ES modules that exports the same code. */
const INSTALLED = {
  require: { types: './dist/index.d.ts', default: './dist/index.js' },
  types: './dist/index.d.mts',
  default: './dist/index.mjs',
};
/**
 * Further entries of a library, loaded alone: `inspect` by the operator command, `testing`,
 * `evm` and `chromium` by tests, `tracing` by services, `calls` by the console's page.
 */
const ENTRIES = ['inspect', 'testing', 'evm', 'chromium', 'tracing', 'calls'];

function entryOf(entry: string): [string, object] {
  return [`./${entry}`, { '@sluice/source': `./src/${entry}.ts`, default: `./dist/${entry}.js` }];
}

/** The build scripts run before anything is installed: they are no package. */
function isPackage({ folder }: Project): boolean {
  return folder !== 'tools/build';
}
