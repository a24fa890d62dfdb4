import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from '@sluice/test-servers';
import type { ClientLibrary, Language } from './clients.js';

const FOLDERS: Readonly<Record<Language, string>> = {
  Python: 'python',
  Go: 'go',
  Java: 'java',
  JavaScript: 'node',
};

const PROGRAMS = join(workspaceRoot(), 'tools/examples/programs');
export const PAGE = join(workspaceRoot(), 'docs/simulator-clients.md');

export function folderOf(language: Language): string {
  return join(PROGRAMS, FOLDERS[language]);
}

/** The source of a client's program. */
export function sourceOf({ language, program }: ClientLibrary): string {
  const file = { Go: join(program, 'main.go'), Java: join('src', program) }[language as string];
  return readFileSync(join(folderOf(language), file ?? program), 'utf8');
}

/** Row of the page: library, language, version, and the line configuring a simulator's URL. */
interface PageRow {
  readonly language: string;
  readonly library: string;
  readonly version: string;
  readonly line: string;
}

const ROW = /^\| `([^`]+)` \| ([^ |]+) \| [^|]+ \| `([^`]+)` \|$/;

/** Rows of the tables below the headings `## Python`, `## Go` and the like. */
export function pageRows(page = readFileSync(PAGE, 'utf8')): readonly PageRow[] {
  const rows: PageRow[] = [];
  let language = '';
  for (const text of page.split('\n')) {
    language = /^## (.+)$/.exec(text)?.[1] ?? language;
    const [, library, version, line] = ROW.exec(text) ?? [];
    if (library !== undefined && version !== undefined && line !== undefined)
      rows.push({ language, library, version, line });
  }
  return rows;
}
