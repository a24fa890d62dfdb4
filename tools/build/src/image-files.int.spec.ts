import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contentsOf, IMAGES, layOut, sharedBy } from '../image-files.mjs';
import { billOfMaterials } from '../sbom.mjs';

interface Lockfile {
  readonly packages: Readonly<Record<string, { readonly version: string }>>;
}

const NAMES = [...IMAGES.keys()];
/** Further apps of an image: the auditor reads venues and chains with the code of connectors. */
const ALSO: Readonly<Record<string, readonly string[]>> = {
  auditor: ['bitmart', 'bybit', 'evm', 'gateio'].map((name) => `apps/connector-${name}`),
  console: ['apps/console-web'],
};
const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as Lockfile;
const nameOf = (path: string): string => path.replace(/^.*node_modules\//, '');
const namesOf = (image: string): readonly string[] => contentsOf(image).packages.map(nameOf);

describe('what is in an image', () => {
  it('is an app with a program, or the operator command', () => {
    const programs = globSync('apps/*').filter((folder) => folder !== 'apps/console-web');
    expect([...IMAGES.values()]).toEqual([...programs.toSorted(), 'tools/cli']);
    expect(() => contentsOf('ledgre')).toThrow(
      'there is no image ledgre; there are auditor, connector-',
    );
  });

  it('have the page of the console, in its image alone', () => {
    expect(contentsOf('console').projects).toContain('apps/console-web');
    expect(contentsOf('ledger').projects).not.toContain('apps/console-web');
  });

  it('are the packages of that one alone', () => {
    expect(namesOf('cli').toSorted()).toEqual([
      '@noble/hashes',
      '@scure/base',
      '@types/validator',
      'class-validator',
      'decimal.js',
      'envalid',
      'fastest-levenshtein',
      'kafkajs',
      'libphonenumber-js',
      'tslib',
      'undici',
      'validator',
    ]);
    expect(namesOf('intake-api')).toEqual(expect.arrayContaining(['@scure/base', 'pg']));
    expect(namesOf('ledger')).toEqual(expect.arrayContaining(['pg', 'kafkajs', 'fastify']));
    expect(namesOf('ledger')).not.toContain('viem');
    expect(namesOf('venue-simulator')).not.toEqual(expect.arrayContaining(['pg']));
  });

  it.each(NAMES)('%s has no tool, and none of what tests need', (image) => {
    const { projects } = contentsOf(image);

    expect(namesOf(image)).not.toEqual(expect.arrayContaining(['typescript']));
    expect(projects.filter((folder) => folder.startsWith('tools/'))).toEqual(
      image === 'cli' ? ['tools/cli'] : [],
    );
    expect(projects.filter((folder) => /test/.test(folder))).toEqual([]);
    expect(projects.filter((folder) => folder.startsWith('apps/'))).toEqual(
      image === 'cli' ? [] : [`apps/${image}`, ...(ALSO[image] ?? [])],
    );
  });

  it('is in one layer for all services as far as all of them have it', () => {
    const services = NAMES.map(contentsOf).filter(({ isService }) => isService);
    const shared = sharedBy(services);

    expect(services).toHaveLength(NAMES.length - 2);
    expect(shared).toEqual(expect.arrayContaining(['node_modules/kafkajs', 'node_modules/pino']));
    // a bundle contains its packages
    expect(shared).not.toContain('node_modules/typeorm');
    expect(
      shared.filter((path: string) => !services.every((one) => one.files.includes(path))),
    ).toEqual([]);
  });

  it('is what its bill of materials names', () => {
    const { projects, packages: paths } = contentsOf('cli');
    const bill = billOfMaterials([...projects, ...paths]);

    const ours = projects.map(
      (folder) => `@sluice/${folder.replace(/^\w+\//, '')}@${packages[folder]?.version}`,
    );
    const theirs = paths.map((path) => `${nameOf(path)}@${packages[path]?.version}`);
    expect(
      bill.components.map((one: { readonly 'bom-ref': string }) => one['bom-ref']).toSorted(),
    ).toEqual([...ours, ...theirs].toSorted());
  });
});

describe('what is laid out for an image', () => {
  const out = mkdtempSync(join(tmpdir(), 'sluice-images-'));
  const start = (image: string): string => {
    const { stderr, stdout } = spawnSync(process.execPath, ['app/dist/main.js'], {
      cwd: join(out, image),
      env: { NODE_ENV: 'production', SLUICE_RUN: '/none' },
      encoding: 'utf8',
    });
    return `${stdout}${stderr}`;
  };

  beforeAll(() => {
    layOut(out);
    // As in the image, where one layer lies over the other: Node looks for a package in the folders above, too.
    symlinkSync('shared/node_modules', join(out, 'node_modules'));
  }, 120_000);

  afterAll(() => {
    rmSync(out, { recursive: true });
  });

  it.each(NAMES.filter((image) => contentsOf(image).isService))(
    '%s loads, and misses nothing but its settings',
    (image) => {
      expect(start(image)).toMatch(/^configuration: PORT is missing/);
    },
  );

  it.each(NAMES.filter((image) => contentsOf(image).isService))(
    '%s loads the driver of its database',
    (image) => {
      const { stderr } = spawnSync(process.execPath, ['app/dist/migrate.js'], {
        cwd: join(out, image),
        env: {
          NODE_ENV: 'development',
          DATABASE_LOGIN: 'ledger',
          DATABASE_OWNER_URL: 'postgres://owner:secret@127.0.0.1:1/ledger',
        },
        encoding: 'utf8',
      });

      expect(stderr).toContain('ECONNREFUSED 127.0.0.1:1');
    },
  );

  it.each(NAMES.filter((image) => contentsOf(image).isService))(
    '%s names only files of the image beside its bundled modules',
    (image) => {
      const dist = join(out, image, IMAGES.get(image) ?? '', 'dist');
      const bundle = readFileSync(join(dist, 'main.js'), 'utf8');
      const names = [...bundle.matchAll(/new URL\(["']([^"']+)["'], import\.meta\.url\)/g)].flatMap(
        ([, name]) => (name?.includes('node_modules/') ? [] : (name ?? [])),
      );

      expect(names).not.toEqual([]);
      expect(names.filter((name) => !existsSync(join(dist, name)))).toEqual([]);
    },
  );

  it('of the auditor has no program of a connector', () => {
    const programs = globSync(join(out, 'auditor/apps/*/dist/{main,migrate,verify}.js'));

    expect(programs.map((file) => file.split('/').at(-3))).toEqual([
      'auditor',
      'auditor',
      'auditor',
    ]);
  });

  it('of the operator command answers', () => {
    expect(start('cli')).toContain('the operator command');
  });
});
