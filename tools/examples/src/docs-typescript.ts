import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from '@sluice/test-servers';
import { codeBlocks } from '@sluice/test-kit';

/**
 * Joins the TypeScript blocks of a page to a program, in order; `runs` leaves out blocks for
 * display only. Empty if the page has no block.
 */
export function programOf(page: string, { runs }: { readonly runs: boolean }): string {
  const kinds = runs ? ['ts run'] : ['ts', 'ts run'];
  const markdown = readFileSync(join(workspaceRoot(), page), 'utf8');
  return codeBlocks(markdown)
    .filter(({ kind }) => kinds.includes(kind))
    .map(({ code }) => code)
    .join('\n');
}
