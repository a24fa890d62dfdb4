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
