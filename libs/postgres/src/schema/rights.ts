/** Rights of a service's login; all others are denied: DDL, TRUNCATE, unlisted tables. */
export interface Rights {
  /** Verbs by table, as GRANT takes them: `SELECT, INSERT, UPDATE (state, closed_at)`. */
  readonly tables: Readonly<Record<string, string>>;
  /** Sequences used by the login; an identity column needs no entry. */
  readonly sequences?: readonly string[];
  /** Functions called by the login, with argument types. */
  readonly functions?: readonly string[];
}

/** A single right, in the form of PostgreSQL's privilege functions. */
interface Right {
  readonly kind: 'table' | 'column' | 'sequence' | 'function';
  readonly name: string;
  readonly verb: string;
  readonly column: string | null;
}

export type Query = <R>(sql: string, params?: readonly unknown[]) => Promise<R[]>;

/**
 * On every service's tables. Claims, dead letters and decisions change only in listed columns, and
 * leave by functions that check the age.
 */
const PLATFORM_RIGHTS: Rights = {
  tables: {
    migrations: 'SELECT',
    partitioned_table: 'SELECT',
    table_partition: 'SELECT',
    inbox: 'SELECT, INSERT',
    outbox: 'SELECT, INSERT, UPDATE (publisher, keys, messages, touched_at), DELETE',
    dead_letter:
      'SELECT, INSERT, UPDATE (cause, replayed_at, dismissed_at, dismissed_by, dismissed_because)',
    set_aside_row: 'SELECT, INSERT',
    audit_entry: 'SELECT, INSERT',
    approval:
      'SELECT, INSERT, UPDATE (approved_by, approved_with, approver_roles, approved_at, voided_by, voided_at, request_seal, approval_seal)',
    passkey_proof: 'SELECT, INSERT',
    skipped_batch: 'SELECT, INSERT, UPDATE (skipped_at, next_offset, cause, bytes)',
    readiness_probe: 'SELECT, UPDATE (probed_at)',
    retention: 'SELECT',
    retention_effective: 'SELECT',
    retention_rule: 'SELECT',
  },
  functions: [
    'create_partitions_ahead()',
    'drop_old_partitions()',
    'partition_bound(text, timestamp)',
    'purge_inbox()',
    'set_retention_cutoff(integer)',
    'sweep_step(integer, text, integer)',
  ],
};

export function withPlatformRights({ tables, sequences = [], functions = [] }: Rights): Rights {
  return {
    tables: { ...PLATFORM_RIGHTS.tables, ...tables },
    sequences,
    functions: [...(PLATFORM_RIGHTS.functions ?? []), ...functions],
  };
}

/** Grants exactly these rights, in the owner's transaction: the login never has fewer. */
export async function grantRights(query: Query, rights: Rights, login: string): Promise<void> {
  const [row] = await query<{ role: string; own: boolean }>(
    'SELECT quote_ident($1) AS role, $1 = current_user AS own',
    [login],
  );
  if (!row || row.own)
    throw new Error(`${login} owns the tables: the service has to have a login of its own`);
  for (const statement of grantStatements(rights, row.role)) await query(statement);
}

function grantStatements(
  { tables, sequences = [], functions = [] }: Rights,
  role: string,
): readonly string[] {
  return [
    `REVOKE ALL ON ALL TABLES IN SCHEMA public FROM ${role}`,
    `REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM ${role}`,
    `REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC, ${role}`,
    ...Object.entries(tables).map(([table, verbs]) => `GRANT ${verbs} ON ${table} TO ${role}`),
    ...sequences.map((sequence) => `GRANT USAGE ON SEQUENCE ${sequence} TO ${role}`),
    ...functions.map((signature) => `GRANT EXECUTE ON FUNCTION ${signature} TO ${role}`),
  ];
}

const VERB = /(\w+)(?:\s*\(([^)]*)\))?/g;

export function listRights({ tables, sequences = [], functions = [] }: Rights): readonly Right[] {
  return [
    ...Object.entries(tables).flatMap(([name, verbs]) =>
      [...verbs.matchAll(VERB)].flatMap(([, verb = '', columns]): Right[] =>
        columns === undefined
          ? [{ kind: 'table', name, verb, column: null }]
          : columns.split(',').map((column) => ({
              kind: 'column',
              name,
              verb,
              column: column.trim(),
            })),
      ),
    ),
    ...sequences.map((name): Right => ({ kind: 'sequence', name, verb: 'USAGE', column: null })),
    ...functions.map((name): Right => ({ kind: 'function', name, verb: 'EXECUTE', column: null })),
  ];
}

/** Returns the rights missing for this connection's login, in words. The query needs no rights. */
export async function missingRights(query: Query, rights: Rights): Promise<readonly string[]> {
  const listed = listRights(rights);
  const rows = await query<{ right: string }>(MISSING, [
    listed.map(({ kind }) => kind),
    listed.map(({ name }) => name),
    listed.map(({ verb }) => verb),
    listed.map(({ column }) => column),
  ]);
  return rows.map(({ right }) => right);
}

const MISSING = `
  SELECT concat_ws(' ', verb, 'on', name || coalesce(' (' || "column" || ')', '')) AS right
    FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS wanted (kind, name, verb, "column")
   WHERE NOT coalesce(CASE kind
           WHEN 'table' THEN has_table_privilege(to_regclass(name), verb)
           WHEN 'column' THEN has_column_privilege(to_regclass(name), (SELECT attnum FROM pg_attribute WHERE attrelid = to_regclass(name) AND attname = "column"), verb)
           WHEN 'sequence' THEN has_sequence_privilege(to_regclass(name), verb)
           ELSE has_function_privilege(to_regprocedure(name), verb) END, false)`;
