import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Tree } from '@nx/devkit';
import { createTree } from '@nx/devkit/testing';
import { generateService } from './service.js';
import { ROOT } from './testkit/temp-workspace.js';

const TABLE = 'tools/stack/src/tables/services.ts';
const NEEDED = ['.prettierignore', '.prettierrc', 'package-lock.json', TABLE];

async function generated(...names: readonly string[]): Promise<Tree> {
  const tree = createTree();
  for (const file of NEEDED) tree.write(file, readFileSync(join(ROOT, file), 'utf8'));
  for (const name of names) await generateService(tree, { name });
  return tree;
}

describe('a generated service', () => {
  it('touches its own folder, the table of services and the lockfile, and nothing else', async () => {
    const tree = await generated('reporting');

    const outside = tree
      .listChanges()
      .filter(({ path, content }) => content?.toString() !== inPlace(path))
      .map(({ path }) => path)
      .filter((path) => !path.startsWith('apps/reporting/'));
    expect(outside.sort()).toEqual(['package-lock.json', TABLE]);
  });

  it('of two words is spelled as each place needs it', async () => {
    const tree = await generated('fee-report');

    expect(tree.read('apps/fee-report/src/fee-report.module.ts', 'utf8')).toContain(
      'export class FeeReportModule',
    );
    expect(tree.read(TABLE, 'utf8')).toContain(`'fee-report': {\n    database: 'fee_report',`);
  });

  it('has two ports of its own on the machine, because it may get a separate admin API', async () => {
    const portsOf = (table: string): number[] =>
      [...table.matchAll(/machinePort: (\d+)/g)].map(([, port]) => Number(port));
    const before = Math.max(...portsOf(readFileSync(join(ROOT, TABLE), 'utf8')));
    const table = (await generated('one', 'two')).read(TABLE, 'utf8') ?? '';

    expect(table).toMatch(new RegExp(` one: \\{[^}]*machinePort: ${before + 2},`));
    expect(table).toMatch(new RegExp(` two: \\{[^}]*machinePort: ${before + 4},`));
  });
});

describe('what is not generated', () => {
  it.each(['Reporting', '9th', 'fee_report', '../x', 'connector-acme'])(
    'a service named %s',
    async (name) => {
      await expect(generated(name)).rejects.toThrow('small letters, digits and hyphens');
    },
  );

  it('a service that is there', async () => {
    await expect(generated('reporting', 'reporting')).rejects.toThrow('is there already');
  });

  it('a table with an unknown format is an error', async () => {
    const tree = await generated();
    tree.write(TABLE, 'something else');

    await expect(generateService(tree, { name: 'reporting' })).rejects.toThrow(
      'adapt tools/generators',
    );
  });
});

function inPlace(file: string): string | undefined {
  return NEEDED.includes(file) ? readFileSync(join(ROOT, file), 'utf8') : undefined;
}
