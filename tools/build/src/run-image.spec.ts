import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const RUN = fileURLToPath(new URL('../run-image.mjs', import.meta.url));

describe('the first program of an image', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-image-'));
  const run = (args: readonly string[], options: string) =>
    spawnSync(process.execPath, [RUN, ...args], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: options },
    });

  beforeAll(() => {
    writeFileSync(
      join(folder, 'main.mjs'),
      `import { getHeapStatistics } from 'node:v8';
       console.log(JSON.stringify({ args: process.argv.slice(1), heap: getHeapStatistics().heap_size_limit / 2 ** 20 }));`,
    );
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it.each(['--help', '-h'])('prints the help of the image for %s, and not that of Node', (flag) => {
    expect(run([flag], '')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('usage: IMAGE [PROGRAM] [ARGUMENTS]') as string,
    });
  });

  it('refuses any other option with the help on stderr', () => {
    expect(run(['--inspect'], '')).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining('usage: IMAGE') as string,
    });
  });

  it('starts the named program with its arguments, as Node would', () => {
    const { status, stdout } = run(['main.mjs', 'all', '--port', '8080'], '');
    expect({ status, ...(JSON.parse(stdout) as object) }).toMatchObject({
      status: 0,
      args: [join(folder, 'main.mjs'), 'all', '--port', '8080'],
    });
  });

  it('lets NODE_OPTIONS bound the heap', () => {
    const heapOf = (options: string) =>
      (JSON.parse(run(['main.mjs'], options).stdout) as { readonly heap: number }).heap;
    expect(heapOf('--max-old-space-size=819')).toBeLessThan(1_100);
    expect(heapOf('--max-old-space-size=2000')).toBeGreaterThan(2_000);
  });
});
