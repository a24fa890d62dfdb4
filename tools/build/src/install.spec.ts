import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const INSTALL_MODULE = fileURLToPath(new URL('../install.mjs', import.meta.url));
/** What stands in for npm notes that it ran, and fails where another one runs beside it. */
const INSTALLER = `
  import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
  writeFileSync('running', '', { flag: 'wx' });
  await new Promise((resolve) => setTimeout(resolve, 300));
  mkdirSync('node_modules', { recursive: true });
  appendFileSync('runs', process.argv.slice(2).join(' ') + '\\n');
  rmSync('running');
`;

describe('ensureInstalled', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'sluice-install-'));
    writeFileSync(join(root, 'package-lock.json'), '{"packages":{}}');
    writeFileSync(join(root, 'installer.js'), INSTALLER);
    writeFileSync(join(root, 'package.json'), '{"type":"module"}');
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const install = () =>
    run(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `const { ensureInstalled } = await import(${JSON.stringify(INSTALL_MODULE)}); await ensureInstalled(${JSON.stringify(root)});`,
      ],
      { env: { ...process.env, npm_execpath: join(root, 'installer.js') } },
    );

  it('installs once where two commands begin at the same time', async () => {
    await Promise.all([install(), install()]);

    expect(readFileSync(join(root, 'runs'), 'utf8')).toBe('ci --loglevel=warn\n');
    expect(existsSync(join(root, '.sluice', 'install.lock'))).toBe(false);
  });

  it('leaves alone what is installed, and installs again when the lockfile has changed', async () => {
    await install();
    await install();
    writeFileSync(
      join(root, 'package-lock.json'),
      '{"packages":{"node_modules/x":{"version":"1.0.0"}}}',
    );
    await install();

    expect(readFileSync(join(root, 'runs'), 'utf8')).toBe('ci --loglevel=warn\n'.repeat(2));
  });
});
