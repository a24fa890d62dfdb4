import type { Database } from '@sluice/postgres';
import type { ApplyCommands } from '../commands/apply-commands.js';
import type { OrderedCommand } from '../wire/ledger-command.js';

const AT_ONCE = 1000;

export const IS_ANY_OVER =
  'EXISTS (SELECT FROM approval_case WHERE outcome IS NULL AND expires_at <= clock_timestamp())';

interface OverRow {
  readonly withdrawal_id: string;
  readonly account_id: string;
}

/** Refuses payments not decided in time, many per transaction. Returns their number. */
export async function expireApprovals({
  database,
  applyCommands,
  now,
}: {
  readonly database: Pick<Database, 'query'>;
  readonly applyCommands: Pick<ApplyCommands, 'apply'>;
  readonly now: () => Date;
}): Promise<number> {
  const time = now().toISOString();
  const over = await database.query<OverRow>(OVER, [time, AT_ONCE]);
  if (over.length > 0) await applyCommands.apply(over.map((row) => endOf(row, time)));
  return over.length;
}

/** Instances that find the same payment send the same message, and the inbox drops duplicates. */
function endOf(
  { withdrawal_id: withdrawalId, account_id: accountId }: OverRow,
  time: string,
): OrderedCommand {
  return {
    id: `expire approval ${withdrawalId} ${time.slice(0, 'YYYY-MM-DDTHH'.length)}`,
    source: 'ledger',
    subject: accountId,
    time,
    type: 'ledger.end-approval.v1',
    data: { withdrawalId, accountId, reason: 'approval_expired' },
  };
}

const OVER = `
  SELECT withdrawal_id, account_id FROM approval_case
   WHERE outcome IS NULL AND expires_at <= $1::timestamptz ORDER BY expires_at LIMIT $2`;
