import type { Database, Tx } from '@sluice/postgres';
import type { Logger } from '@sluice/runtime';
import { countForgedRecord, type RecordSeals, type SealedField } from '../seals/record-seals.js';

type Query = Pick<Tx, 'query'>;

/** A table whose rows are in force until people end them: halts, breaks, halts of the book. */
export interface EndedTable {
  readonly table: string;
  /** Column type of `id`. */
  readonly idType: 'bigint' | 'uuid';
  /** Columns under the seal, in this order: the id, the subject, and the columns of the end. */
  readonly sealed: readonly string[];
  /** Columns of the end, empty before; the first is the time. */
  readonly ending: readonly [string, ...string[]];
  /** Additional SQL condition for reopening a row. */
  readonly reopenedIf?: string;
}

export type ForgedEnd = Readonly<Record<string, SealedField>>;

interface EndedRow {
  readonly id: string;
  readonly content: readonly SealedField[];
  readonly end_seal: string | null;
}

/** Forged ends remembered as reported: an attacker may forge ends without limit. */
const MOST_REMEMBERED = 1_000;

export interface SealedEndsOptions {
  readonly database: Pick<Database, 'query'>;
  readonly seals: RecordSeals;
  readonly logger: Pick<Logger, 'error'>;
  /** Called once with each forged end. */
  readonly onForged?: (forged: ForgedEnd) => Promise<unknown>;
}

/**
 * Ends verified by this process. A row is in force until its end has a valid seal; a forged end is
 * reported, and the row reopened.
 */
export class SealedEnds {
  private readonly verified = new Set<string>();
  private readonly reported = new Set<string>();
  private readonly sql: Readonly<Record<'unverified' | 'one' | 'keep' | 'reopen', string>>;

  constructor(
    private readonly of: EndedTable,
    private readonly options: SealedEndsOptions,
  ) {
    this.sql = sqlOf(of);
  }

  /** Ids of the rows with a verified end, for `inForceSql`. */
  get ids(): readonly string[] {
    return [...this.verified];
  }

  /** Returns the SQL expression for ends not verified by this process. `ids`: placeholder of `ids`. */
  areUnverified(ids: string): string {
    return `EXISTS (SELECT FROM ${this.of.table} WHERE ${unverifiedOf(this.of, ids)})`;
  }

  /** Seals the end of a row, in the transaction of the end. */
  async seal(tx: Query, id: string): Promise<void> {
    const [row] = await tx.query<EndedRow>(this.sql.one, [id]);
    if (!row) throw new Error(`row ${id} of ${this.of.table} is missing`);
    await tx.query(this.sql.keep, [id, this.options.seals.seal(this.kind, row.content)]);
  }

  /**
   * Verifies ends of other processes and reopens forged ones. A seal with an unknown key keeps the
   * row in force and unchanged: the key may come back. `isWanted`: reopen even so, for people to
   * end again.
   */
  async look(isWanted: (id: string) => boolean = () => false): Promise<void> {
    const rows = await this.options.database.query<EndedRow>(this.sql.unverified, [this.ids]);
    for (const row of rows)
      if (this.options.seals.isSealed(this.kind, row.content, row.end_seal))
        this.verified.add(row.id);
      else await this.refuse(row, isWanted(row.id));
  }

  private async refuse(
    { id, content, end_seal: seal }: EndedRow,
    isWanted: boolean,
  ): Promise<void> {
    const forged = Object.fromEntries(
      this.of.sealed.map((column, index) => [column, content[index] ?? null]),
    );
    const end = `${id} ${JSON.stringify(content)} ${seal ?? ''}`;
    if (!this.reported.has(end)) {
      countForgedRecord(this.of.table);
      this.options.logger.error(
        { forged, table: this.of.table },
        'a row was ended without a valid seal: the row stays in force, and another party writes to this database',
      );
      await this.options.onForged?.(forged);
      if (this.reported.size >= MOST_REMEMBERED) this.reported.clear();
      this.reported.add(end);
    }
    if (isWanted || !this.options.seals.namesUnknownKey(seal))
      await this.options.database.query(this.sql.reopen, [id, seal]);
  }

  private get kind(): string {
    return `${this.of.table} ended`;
  }
}

/** SQL condition for a row in force. `verified`: placeholder of the ids with a verified end. */
export function inForceSql(row: string, { idType, ending }: EndColumns, verified: string): string {
  return `(${row}.${ending[0]} IS NULL OR ${row}.id <> ALL (${verified}::${idType}[]))`;
}

type EndColumns = Pick<EndedTable, 'idType' | 'ending'>;

function unverifiedOf({ idType, ending }: EndColumns, ids: string): string {
  return `${ending[0]} IS NOT NULL AND id <> ALL (${ids}::${idType}[])`;
}

function sqlOf({ table, idType, sealed, ending, reopenedIf = 'true' }: EndedTable) {
  const read = `SELECT id::text, ARRAY[${sealed.map(textOf).join(', ')}]::text[] AS content, end_seal FROM ${table}`;
  const emptied = [...ending, 'end_seal'].map((column) => `${column} = NULL`).join(', ');
  return {
    one: `${read} WHERE id = $1`,
    keep: `UPDATE ${table} SET end_seal = $2 WHERE id = $1`,
    unverified: `${read} WHERE ${unverifiedOf({ idType, ending }, '$1')} ORDER BY ${table}.id LIMIT 1000`,
    reopen: `UPDATE ${table} SET ${emptied} WHERE id = $1 AND ${ending[0]} IS NOT NULL AND end_seal IS NOT DISTINCT FROM $2 AND ${reopenedIf} RETURNING id`,
  } as const;
}

function textOf(column: string): string {
  return column.endsWith('_at')
    ? `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
    : `${column}::text`;
}
