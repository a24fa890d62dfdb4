import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from '@sluice/test-servers';
import { codeBlocks } from '@sluice/test-kit';

/** The TypeScript of one page as one program, in its order; `runs` leaves out what is only shown. Empty where there is none. */
export function programOf(page: string, { runs }: { readonly runs: boolean }): string {
  const kinds = runs ? ['ts run'] : ['ts', 'ts run'];
  const markdown = readFileSync(join(workspaceRoot(), page), 'utf8');
  return codeBlocks(markdown)
    .filter(({ kind }) => kinds.includes(kind))
    .map(({ code }) => code)
    .join('\n');
}
