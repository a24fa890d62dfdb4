import { readFileSync } from 'node:fs';
import { PAGE } from './programs.js';

/** A row of the page: a library of a language, its version, and the line that points it at a simulator. */
export interface PageRow {
  readonly language: string;
  readonly library: string;
  readonly version: string;
  readonly line: string;
}

const ROW = /^\| `([^`]+)` \| ([^ |]+) \| [^|]+ \| `([^`]+)` \|$/;

/** The rows of the tables below `## Python`, `## Go` and so on. */
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
