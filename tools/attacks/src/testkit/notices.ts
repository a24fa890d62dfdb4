import { Client } from 'pg';

/** Where a service writes down what a person has to look at. */
const NOTICES: Readonly<Record<string, readonly string[]>> = {
  'intake-api': [
    `SELECT 'case ' || trigger || ' ' || withdrawal_id FROM withdrawal_case`,
    `SELECT 'dead letter ' || id || ': ' || cause FROM dead_letter`,
  ],
  ledger: [`SELECT 'dead letter ' || id || ': ' || cause FROM dead_letter`],
  connector: [
    `SELECT 'case ' || kind || ' ' || withdrawal_id FROM submission_case`,
    `SELECT 'halt ' || reason || ' ' || subject FROM halt`,
    `SELECT 'dead letter ' || id || ': ' || cause FROM dead_letter`,
  ],
};

/** Everything that has been noticed so far, in all services, a line each. */
export async function noticesOf(
  databases: Readonly<Record<string, string>>,
): Promise<ReadonlySet<string>> {
  const lines = await Promise.all(
    Object.entries(databases).map(async ([service, url]) => {
      const sql = NOTICES[service] ?? NOTICES['connector'] ?? [];
      const rows = await query(url, sql.map((one) => `(${one})`).join(' UNION ALL '));
      return rows.map((line) => `${service}: ${line}`);
    }),
  );
  return new Set(lines.flat());
}

async function query(connectionString: string, sql: string): Promise<readonly string[]> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    const { rows } = await client.query<{ '?column?': string }>(sql);
    return rows.map((row) => row['?column?']);
  } finally {
    await client.end();
  }
}
