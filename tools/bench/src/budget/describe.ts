import type { BudgetRow } from './counts.js';

/** Returns the figures of a rate as lines of a table: totals, databases, tables and topics. */
export function linesOf(row: BudgetRow): readonly string[] {
  const { by_database: databases, by_table: tables, by_topic: topics } = row;
  return [
    `per withdrawal at ${row.rate}/s`.padEnd(WIDTH) +
      columns('transactions', 'inserted', 'updated', 'deleted', 'hot'),
    line('all', row.transactions, row.inserted, row.updated),
    ...Object.entries(databases).map(([service, { transactions, inserted, updated }]) =>
      line(service, transactions, inserted, updated),
    ),
    ...Object.entries(tables)
      .toSorted(([a], [b]) => a.localeCompare(b))
      .map(([table, { inserted, updated, deleted, hot_updated: hot }]) =>
        line(`  ${table}`, '', inserted, updated, deleted, hot),
      ),
    `${'WAL'.padEnd(WIDTH)}${columns(`${row.wal_kb} kB`)}`,
    line('records', row.records),
    ...Object.entries(topics)
      .filter(([, records]) => records !== 0)
      .map(([topic, records]) => line(`  ${topic}`, records)),
  ];
}

const [WIDTH, COLUMN] = [44, 13];

function line(name: string, ...values: readonly (number | string)[]): string {
  return name.padEnd(WIDTH) + columns(...values);
}

function columns(...values: readonly (number | string)[]): string {
  return values.map((value) => `${value}`.padStart(COLUMN)).join('');
}
