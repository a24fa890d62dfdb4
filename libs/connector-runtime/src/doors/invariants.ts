import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Database } from '@sluice/postgres';

export interface InvariantReport {
  readonly checked: number;
  readonly violations: readonly { invariant: string; rows: readonly object[] }[];
}

const ROWS_SHOWN = 20;

/** Invariants as SQL files: each query must return no row. The name of the file is the name of the invariant. */
export class Invariants {
  private readonly queries: readonly { invariant: string; sql: string }[];

  constructor(
    private readonly database: Database,
    folders: readonly URL[],
  ) {
    this.queries = folders.flatMap(readFolder);
  }

  async check(): Promise<InvariantReport> {
    const violations: { invariant: string; rows: object[] }[] = [];
    for (const { invariant, sql } of this.queries) {
      const rows = await this.database.query<object>(sql);
      if (rows.length > 0) violations.push({ invariant, rows: rows.slice(0, ROWS_SHOWN) });
    }
    return { checked: this.queries.length, violations };
  }
}

function readFolder(folder: URL): { invariant: string; sql: string }[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => ({ invariant: basename(file, '.sql'), sql: readFileSync(join(folder.pathname, file), 'utf8') }));
}
