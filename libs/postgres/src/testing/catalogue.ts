/** Runs a query on the migrated database. */
export type Ask = <Row>(sql: string) => Promise<Row[]>;

export interface CatalogueColumn {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly mustBeGiven: boolean;
  readonly isNullable: boolean;
  readonly hasDefault: boolean;
}

/** A constraint, a unique index or a trigger: any object able to reject a row. */
export interface Guard {
  readonly table: string;
  readonly kind: 'constraint' | 'unique key' | 'trigger';
  readonly definition: string;
  readonly columns: readonly string[] | null;
}

/**
 * Parts of a database visible to a release. Names never used by a release, for example of
 * constraints, are excluded.
 */
export interface DatabaseCatalogue {
  readonly relations: ReadonlySet<string>;
  readonly columns: ReadonlyMap<string, CatalogueColumn>;
  readonly guards: ReadonlyMap<string, Guard>;
  readonly functions: ReadonlySet<string>;
}

export async function readCatalogue(ask: Ask): Promise<DatabaseCatalogue> {
  const relations = await ask<{ name: string }>(RELATIONS);
  const columns = await ask<CatalogueColumn>(COLUMNS);
  const guards = await ask<Guard>(GUARDS);
  const functions = await ask<{ name: string }>(FUNCTIONS);
  return {
    relations: new Set(relations.map(({ name }) => name)),
    columns: new Map(columns.map((one) => [`${one.table}.${one.name}`, one])),
    guards: new Map(guards.map((one) => [`${one.table}: ${one.definition}`, one])),
    functions: new Set(functions.map(({ name }) => name)),
  };
}

/** Partitions are excluded, because the parent tables define them completely. */
const OURS = `relnamespace = 'public'::regnamespace AND NOT relispartition AND relname <> 'migrations'`;

const RELATIONS = `SELECT relname AS name FROM pg_class WHERE ${OURS} AND relkind IN ('r', 'p', 'v', 'm', 'S')`;

const COLUMNS = `
  SELECT c.relname AS "table", a.attname AS name,
         format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attgenerated <> '' THEN ', generated' WHEN a.attidentity = 'a' THEN ', always an identity' ELSE '' END AS type,
         NOT a.attnotnull AS "isNullable",
         a.atthasdef OR a.attidentity <> '' AS "hasDefault",
         a.attnotnull AND NOT a.atthasdef AND a.attidentity = '' AS "mustBeGiven"
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
   WHERE ${OURS} AND c.relkind IN ('r', 'p', 'v', 'm') AND a.attnum > 0 AND NOT a.attisdropped`;

const GUARDS = `
  SELECT c.relname AS "table", 'constraint' AS kind, pg_get_constraintdef(o.oid) AS definition,
         (SELECT array_agg(attname::text) FROM pg_attribute WHERE attrelid = c.oid AND attnum = ANY (o.conkey)) AS columns
    FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid WHERE ${OURS} AND o.contype IN ('c', 'f', 'x')
  UNION ALL
  SELECT c.relname, 'unique key',
         concat_ws(' WHERE ', '(' || (SELECT string_agg(pg_get_indexdef(i.indexrelid, key::int, true), ', ' ORDER BY key) FROM generate_series(1, i.indnkeyatts) AS key) || ')', pg_get_expr(i.indpred, i.indrelid)),
         CASE WHEN 0 = ANY (i.indkey) OR i.indnullsnotdistinct THEN NULL ELSE (SELECT array_agg(attname::text) FROM pg_attribute WHERE attrelid = c.oid AND attnum = ANY (i.indkey)) END
    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid WHERE ${OURS} AND i.indisunique
  UNION ALL
  SELECT c.relname, 'trigger', regexp_replace(pg_get_triggerdef(t.oid), '^CREATE (CONSTRAINT )?TRIGGER \\S+ ', ''), NULL
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE ${OURS} AND NOT t.tgisinternal`;

const FUNCTIONS = `SELECT oid::regprocedure || ' returns ' || pg_get_function_result(oid) AS name FROM pg_proc WHERE pronamespace = 'public'::regnamespace`;
