import type { FollowedEvent } from './ledger-facts.js';

/** Refusals of a command for a hold that the ledger no longer holds. */
const GIVEN_BACK: ReadonlySet<string> = new Set([
  'already_released',
  'already_expired',
  'hold_not_found',
]);

interface CommandRefusal {
  readonly command_id: string;
  readonly withdrawal_id: string;
  readonly command: string;
  readonly reason: string;
  readonly refused_at: string;
}

/** Returns the refusals which show that the ledger gave a hold back. */
export function commandRefusals(batch: readonly FollowedEvent[]): readonly CommandRefusal[] {
  return batch.flatMap((event) => {
    if (event.type !== 'ledger.command-refused.v1') return [];
    const { commandId, withdrawalId, command, reason } = event.data;
    if (withdrawalId === undefined || !GIVEN_BACK.has(reason)) return [];
    const refused = { command_id: commandId, withdrawal_id: withdrawalId, command, reason };
    return [{ ...refused, refused_at: event.time }];
  });
}

/** Refusals that follow only from a hold that is no longer placed. */
export const STORE_COMMAND_REFUSALS = `
  INSERT INTO audited_command_refusal (command_id, withdrawal_id, command, reason, refused_at)
  SELECT command_id, withdrawal_id, command, reason, refused_at
    FROM json_to_recordset($1::json) AS r(command_id text, withdrawal_id uuid, command text, reason text, refused_at timestamptz)
  ON CONFLICT DO NOTHING`;
