import { readFileSync } from 'node:fs';
import { PAGE } from './programs.js';

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
