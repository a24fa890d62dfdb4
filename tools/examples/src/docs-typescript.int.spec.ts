import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from '@sluice/test-servers';
import { codeBlocks } from '@sluice/test-kit';
import { programOf } from './docs-typescript.js';
import { EmptyProject } from './empty-project.js';

const ROOT = workspaceRoot();
const ALL = globSync(['README.md', 'docs/*.md'], { cwd: ROOT }).toSorted();
const PAGES = ALL.filter((page) => programOf(page, { runs: false }) !== '');
/** What the pages import of others, as somebody would install it. */
const OTHERS = [
  '@types/node',
  'undici-types',
  'pg',
  '@types/pg',
  'pg-types',
  'pg-protocol',
  'kafkajs',
];

describe('the TypeScript of the documents', () => {
  const project = new EmptyProject();
  beforeAll(() => {
    project.install(...['client', 'consumer-kit'].map((library) => project.pack(library)));
    OTHERS.forEach((name) => project.borrow(name));
  }, 120_000);
  afterAll(() => project.remove());

  it('is on some page', () => {
    expect(PAGES).toContain('docs/client.md');
  });

  it.each(PAGES)(
    '%s is a program that a strict compiler takes',
    (page) => {
      const file = `${page.replaceAll(/\W/g, '-')}.ts`;
      project.write(file, `${programOf(page, { runs: false })}\nexport {};\n`);
      const strict = ['--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess'];
      const modern = ['--module', 'nodenext', '--target', 'es2023', '--types', 'node'];
      const alone = ['--noEmit', '--skipLibCheck', '--ignoreConfig'];
      const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');

      const { stdout } = spawnSync(process.execPath, [tsc, ...strict, ...modern, ...alone, file], {
        cwd: project.folder,
        encoding: 'utf8',
      });

      expect(stdout).toBe('');
    },
    180_000,
  );
});

describe('the Python of the documents', () => {
  const blocks = ALL.flatMap((page) =>
    codeBlocks(readFileSync(join(ROOT, page), 'utf8'))
      .filter(({ kind }) => kind === 'python')
      .map(({ code, line }) => ({ code, at: `${page}:${line}` })),
  );
  const hasPython = spawnSync('python3', ['--version']).status === 0;

  it('is Python, where there is one to say so', () => {
    const check = 'import sys; compile(sys.stdin.read(), "page", "exec")';
    const wrong = blocks.filter(
      ({ code }) => hasPython && spawnSync('python3', ['-c', check], { input: code }).status !== 0,
    );

    expect(wrong.map(({ at }) => at)).toEqual([]);
  });
});
