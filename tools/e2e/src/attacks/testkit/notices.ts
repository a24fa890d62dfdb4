import { ownerUrlOf, type ServiceName, type System } from '@sluice/stack';
import { withClient } from '@sluice/test-servers';

/** Queries for the notices of each service, for review by a person. */
const NOTICES: Readonly<Record<string, readonly string[]>> = {
  'intake-api': [
    `SELECT 'case ' || trigger || ' ' || withdrawal_id FROM withdrawal_case`,
    `SELECT 'halt ' || reason || ' ' || subject FROM halt`,
  ],
  ledger: [
    `SELECT 'halt ' || id FROM book_halt`,
    `SELECT 'order case ' || withdrawal_id || ': ' || detail FROM order_case`,
  ],
  webhooks: [
    `SELECT 'forged delivery ' || delivery_id FROM delivery_attempt WHERE error = 'forged_delivery'`,
  ],
  // findings are judged by the specs of the auditor
  auditor: [],
  connector: [
    `SELECT 'case ' || kind || ' ' || withdrawal_id FROM submission_case`,
    `SELECT 'halt ' || reason || ' ' || subject FROM halt`,
    `SELECT 'break ' || kind || ' ' || subject FROM break`,
  ],
};
const ANYWHERE = [
  `SELECT 'dead letter ' || id || ': ' || cause FROM dead_letter`,
  `SELECT 'set aside ' || id || ': ' || cause FROM set_aside_row`,
];

/** Returns all notices of all services, a line each. */
export async function noticesOf(system: System): Promise<ReadonlySet<string>> {
  const lines = await Promise.all(
    (Object.keys(system.run.databases) as ServiceName[]).map(async (service) => {
      const sql = [...(NOTICES[service] ?? NOTICES['connector'] ?? []), ...ANYWHERE];
      const rows = await query(
        ownerUrlOf(system, service),
        sql.map((one) => `(${one})`).join(' UNION ALL '),
      );
      return rows.map((line) => `${service}: ${line}`);
    }),
  );
  return new Set(lines.flat());
}

async function query(url: string, sql: string): Promise<readonly string[]> {
  const { rows } = await withClient(url, (client) => client.query<{ '?column?': string }>(sql));
  return rows.map((row) => row['?column?']);
}
