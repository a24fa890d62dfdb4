import type { Database } from '@sluice/postgres';
import type { ApplyCommands } from '../commands/apply-commands.js';
import type { TopicCommand } from '../commands/ledger-command.js';

const AT_ONCE = 1000;

interface DueRow {
  withdrawal_id: string;
  account_id: string;
}

export interface ExpiryPorts {
  readonly database: Pick<Database, 'query'>;
  readonly applyCommands: Pick<ApplyCommands, 'apply'>;
  readonly now: () => Date;
}

/**
 * Ends holds that are due, many in one transaction, by the same command that Kafka could bring: whether one is still to end is decided
 * under its lock. Answers how many were found.
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

/**
 * Instances that find the same hold send the same message, and the inbox lets one through. The hour lets a hold be tried again whose
 * command was refused because a clock had been set back.
 */
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
