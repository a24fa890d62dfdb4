import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const INSTALL_MODULE = fileURLToPath(new URL('../install.mjs', import.meta.url));
const TOOL = 'node_modules/tool';

describe('ensureInstalled', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'sluice-install-'));
    mkdirSync(join(root, 'home'));
    writeProject('1.0.0');
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const at = (path: string): string => join(root, path);

  /** A checkout whose only tool is a development dependency, beside its package: npm needs no network. */
  function writeProject(version: string): void {
    const packed = `tool-${version}.tgz`;
    mkdirSync(at('package'), { recursive: true });
    const tool = { name: 'tool', version, bin: { tool: 'tool.js' } };
    writeFileSync(at('package/package.json'), JSON.stringify(tool));
    writeFileSync(at('package/tool.js'), '#!/usr/bin/env node\n');
    execFileSync('tar', ['czf', packed, 'package'], { cwd: root });
    const integrity = `sha512-${createHash('sha512')
      .update(readFileSync(at(packed)))
      .digest('base64')}`;
    const project = { name: 'checkout', devDependencies: { tool: `file:${packed}` } };
    const locked = { version, resolved: `file:${packed}`, integrity, dev: true, bin: tool.bin };
    writeFileSync(at('package.json'), JSON.stringify(project));
    writeFileSync(
      at('package-lock.json'),
      JSON.stringify({
        name: 'checkout',
        lockfileVersion: 3,
        requires: true,
        packages: { '': project, [TOOL]: locked },
      }),
    );
  }

  const install = (env: Readonly<Record<string, string>> = {}) =>
    run(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `const { ensureInstalled } = await import(${JSON.stringify(INSTALL_MODULE)}); await ensureInstalled(${JSON.stringify(root)});`,
      ],
      { env: { PATH: process.env['PATH'], HOME: at('home'), ...env } },
    );

  it.each([
    ['npm runs for production', { NODE_ENV: 'production', npm_config_ignore_scripts: 'true' }],
    ['npm omits development packages', { npm_config_omit: 'dev', npm_config_production: 'true' }],
    ['npm runs for the whole machine', { npm_config_location: 'global', npm_config_only: 'prod' }],
    ['npm changes nothing', { npm_config_dry_run: 'true', npm_config_package_lock: 'false' }],
    ['npm links nothing', { npm_config_bin_links: 'false', npm_config_workspaces: 'false' }],
    ['another package manager runs', { npm_execpath: '/opt/yarn/bin/yarn.js' }],
  ])('installs the tools where %s', async (_, env) => {
    await install(env);

    expect(existsSync(at('node_modules/.bin/tool'))).toBe(true);
  });

  it("installs the tools with a user's .npmrc that omits them", async () => {
    writeFileSync(at('home/.npmrc'), 'omit=dev\nproduction=true\nbin-links=false\nglobal=true\n');

    await install();

    expect(existsSync(at('node_modules/.bin/tool'))).toBe(true);
  });

  it('completes node_modules after packages were deleted, and after the lockfile has changed', async () => {
    const installed = (): unknown => JSON.parse(readFileSync(at(`${TOOL}/package.json`), 'utf8'));
    await install();

    rmSync(at(TOOL), { recursive: true });
    await install();
    expect(installed()).toMatchObject({ version: '1.0.0' });

    execFileSync('npm', ['prune', '--omit=dev'], { cwd: root });
    await install();
    expect(installed()).toMatchObject({ version: '1.0.0' });

    writeProject('1.0.1');
    await install();
    expect(installed()).toMatchObject({ version: '1.0.1' });
  });

  it('installs once for two commands at the same time, and leaves a complete folder alone', async () => {
    const [one, other] = await Promise.all([install(), install()]);
    const made = statSync(at(TOOL)).ino;
    const { stderr } = await install();

    expect((one.stderr + other.stderr).match(/Installing packages/g)).toHaveLength(1);
    expect(stderr).toBe('');
    expect(statSync(at(TOOL)).ino).toBe(made);
    expect(existsSync(at('.sluice/install.lock'))).toBe(false);
  });

  it('names npm and the remedy where npm is missing', async () => {
    const failed = install({ PATH: at('home') });

    await expect(failed).rejects.toThrow(
      /npm cannot be started \(spawnSync npm ENOENT\); install npm/,
    );
  });
});
