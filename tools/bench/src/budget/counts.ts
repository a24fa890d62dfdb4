/** Kinds of counted work. */
const KINDS = [
  'transactions',
  'inserted',
  'updated',
  'hot_updated',
  'deleted',
  'index_entries',
  'wal_bytes',
  'page_image_bytes',
  'records',
] as const;
type Kind = (typeof KINDS)[number];

/**
 * BudgetCounts by kind: transactions by service, rows and index entries by `service.table`, records by
 * topic, and WAL of the whole server.
 */
export type BudgetCounts = Readonly<Record<Kind, Readonly<Record<string, number>>>>;

/** Work during a period. */
interface Work {
  readonly seconds: number;
  readonly counts: BudgetCounts;
}

/** Rows of a table per withdrawal. */
interface TableRow {
  readonly inserted: number;
  readonly updated: number;
  readonly hot_updated: number;
  readonly deleted: number;
  readonly index_entries: number;
}

/** Work per withdrawal at a rate, without the work of the idle system in the same time. */
export interface BudgetRow {
  /** Offered withdrawals per second. */
  readonly rate: number;
  readonly withdrawals: number;
  readonly transactions: number;
  readonly inserted: number;
  readonly updated: number;
  /** New entries of B-tree indexes. */
  readonly index_entries: number;
  /** Share of the updates that stay in their page and write no index entry. */
  readonly hot_share: number;
  readonly wal_kb: number;
  /** Part of the WAL for full-page images after a checkpoint. */
  readonly page_images_kb: number;
  readonly records: number;
  readonly by_database: Readonly<
    Record<
      string,
      Pick<TableRow, 'inserted' | 'updated' | 'index_entries'> & { readonly transactions: number }
    >
  >;
  /** Tables with changed rows, by `service.table`. */
  readonly by_table: Readonly<Record<string, TableRow>>;
  readonly by_topic: Readonly<Record<string, number>>;
}

/** Returns the counts of the period between two looks; a table created in between counts from 0. */
export function difference(before: BudgetCounts, after: BudgetCounts): BudgetCounts {
  return mapped((kind) => mapOf(after[kind], (count, name) => count - (before[kind][name] ?? 0)));
}

/** Returns the work per second. */
export function perSecond({ seconds, counts }: Work): BudgetCounts {
  return mapped((kind) => mapOf(counts[kind], (count) => count / seconds));
}

/** Returns the row of a rate; `idle` is the work per second of the system at rest. */
export function rowOf(
  rate: number,
  withdrawals: number,
  work: Work,
  idle: BudgetCounts,
): BudgetRow {
  const each = mapped((kind) =>
    mapOf(
      work.counts[kind],
      (count, name) => (count - work.seconds * (idle[kind][name] ?? 0)) / withdrawals,
    ),
  );
  const names = new Set([...Object.keys(each.inserted), ...Object.keys(each.index_entries)]);
  const tables = [...names].map((table) => [table, tableOf(each, table)] as const);
  return {
    rate,
    withdrawals,
    transactions: rounded(totalOf(each.transactions)),
    inserted: rounded(totalOf(each.inserted)),
    updated: rounded(totalOf(each.updated)),
    index_entries: rounded(totalOf(each.index_entries)),
    hot_share: rounded(totalOf(each.hot_updated) / totalOf(each.updated)),
    wal_kb: rounded(totalOf(each.wal_bytes) / 1_024),
    page_images_kb: rounded(totalOf(each.page_image_bytes) / 1_024),
    records: rounded(totalOf(each.records)),
    by_database: mapOf(each.transactions, (transactions, service) => ({
      transactions: rounded(transactions),
      inserted: rounded(ofService(each.inserted, service)),
      updated: rounded(ofService(each.updated, service)),
      index_entries: rounded(ofService(each.index_entries, service)),
    })),
    by_table: Object.fromEntries(tables.filter(([, row]) => Object.values(row).some(Boolean))),
    by_topic: mapOf(each.records, rounded),
  };
}

function tableOf(counts: BudgetCounts, table: string): TableRow {
  const of = (kind: Kind): number => rounded(counts[kind][table] ?? 0);
  return {
    inserted: of('inserted'),
    updated: of('updated'),
    hot_updated: of('hot_updated'),
    deleted: of('deleted'),
    index_entries: of('index_entries'),
  };
}

function mapped(of: (kind: Kind) => Readonly<Record<string, number>>): BudgetCounts {
  return Object.fromEntries(KINDS.map((kind) => [kind, of(kind)])) as BudgetCounts;
}

function mapOf<T>(
  counts: Readonly<Record<string, number>>,
  of: (count: number, name: string) => T,
): Record<string, T> {
  return Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, of(count, name)]));
}

/** Returns the sum over the tables of a service. */
function ofService(counts: Readonly<Record<string, number>>, service: string): number {
  return Object.entries(counts).reduce(
    (sum, [table, count]) => (table.startsWith(`${service}.`) ? sum + count : sum),
    0,
  );
}

export function totalOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** Rounds to two decimals; without the negative zero. */
export function rounded(count: number): number {
  return Math.round(count * 100) / 100 || 0;
}

/** Returns the figures of a rate as lines of a table: totals, databases, tables and topics. */
export function linesOf(row: BudgetRow): readonly string[] {
  const { by_database: databases, by_table: tables, by_topic: topics } = row;
  return [
    line(`per withdrawal at ${row.rate}/s`, ...HEADINGS),
    line('all', row.transactions, row.inserted, row.updated, row.index_entries),
    ...Object.entries(databases).map(([service, { transactions, ...rows }]) =>
      line(service, transactions, rows.inserted, rows.updated, rows.index_entries),
    ),
    ...Object.entries(tables)
      .toSorted(([a], [b]) => a.localeCompare(b))
      .map(([table, { inserted, updated, index_entries: entries, deleted, hot_updated: hot }]) =>
        line(`  ${table}`, '', inserted, updated, entries, deleted, hot),
      ),
    line('HOT share of updates', row.hot_share),
    line('WAL, page images', `${row.wal_kb} kB`, `${row.page_images_kb} kB`),
    line('records', row.records),
    ...Object.entries(topics)
      .filter(([, records]) => records !== 0)
      .map(([topic, records]) => line(`  ${topic}`, records)),
  ];
}

const HEADINGS = ['transactions', 'inserted', 'updated', 'entries', 'deleted', 'hot'];
const [WIDTH, COLUMN] = [44, 13];

function line(name: string, ...values: readonly (number | string)[]): string {
  return name.padEnd(WIDTH) + values.map((value) => `${value}`.padStart(COLUMN)).join('');
}
