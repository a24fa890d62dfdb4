import type { Database } from '@sluice/postgres';
import type { ApplyCommands } from '../commands/apply-commands.js';
import type { TopicCommand } from '../wire/ledger-command.js';

const AT_ONCE = 1000;

export const IS_ANY_DUE = 'EXISTS (SELECT FROM hold WHERE expires_at <= clock_timestamp())';

interface DueRow {
  withdrawal_id: string;
  account_id: string;
}

interface ExpiryPorts {
  readonly database: Pick<Database, 'query'>;
  readonly applyCommands: Pick<ApplyCommands, 'apply'>;
  readonly now: () => Date;
}

/**
 * Expires due holds, many per transaction, by the same command as from Kafka. Returns their number.
 */
export async function expireDueHolds({
  database,
  applyCommands,
  now,
}: ExpiryPorts): Promise<number> {
  const time = now().toISOString();
  const due = await database.query<DueRow>(
    'SELECT withdrawal_id, account_id FROM hold WHERE expires_at <= $1::timestamptz ORDER BY expires_at LIMIT $2',
    [time, AT_ONCE],
  );
  if (due.length > 0) await applyCommands.apply(due.map((row) => expiry(row, time)));
  return due.length;
}

/** Instances send the same message; the hour in its id allows a retry after a clock set back. */
function expiry(
  { withdrawal_id: withdrawalId, account_id: accountId }: DueRow,
  time: string,
): TopicCommand {
  const id = `expire ${withdrawalId} ${time.slice(0, 'YYYY-MM-DDTHH'.length)}`;
  return {
    id,
    source: 'ledger',
    subject: accountId,
    time,
    type: 'ledger.expire-hold.v1',
    data: { withdrawalId, accountId },
  };
}
