import type { CommandAgainDto, WithdrawalAgainDto } from '@sluice/admin-api';
import type { WireMessage } from '@sluice/messages';
import type { Command } from '@sluice/withdrawal-core';
import {
  commandMessage,
  openAccountMessage,
  placeHoldMessage,
  type CommandContext,
} from '../withdrawals/wire.js';
import type { StoredWithdrawal } from '../withdrawals/withdrawal-store.js';

/**
 * All that the ledger must have of one withdrawal, in its order, as it was sent the first time. The ledger skips what it has: its
 * account, its hold, the venue that has the hold; a repeated capture, release or fee gets the first answer.
 */
export function commandsAgain(
  stored: StoredWithdrawal,
  accountName: string,
  context: CommandContext,
): WithdrawalAgainDto {
  const { order } = stored.withdrawal;
  const messages = [
    openAccountMessage(order.accountId, accountName, context.at),
    placeHoldMessage(atItsVenue(stored), context.at),
    ...assignmentOf(stored).map((given) => commandMessage(given, ASSIGN, context)),
    ...endOf(stored).map((command) => commandMessage(stored, command, context)),
  ];
  return { withdrawal_id: order.id, commands: messages.map(commandOf) };
}

/** A hold that is placed again is placed at the venue that has the withdrawal now: the venues before it have refused it. */
function atItsVenue(stored: StoredWithdrawal): StoredWithdrawal {
  const { withdrawal } = stored;
  const order = { ...withdrawal.order, venue: withdrawal.venue };
  return { ...stored, withdrawal: { ...withdrawal, order } };
}

const ASSIGN: Command = { kind: 'assign', notAfter: null };

/**
 * How the hold came to its venue: with the proof of the venue before. While the ledger has not answered the assignment, that is the last
 * proof; afterwards it is the one that the assignment was answered for, and a last one is of this venue.
 */
function assignmentOf(stored: StoredWithdrawal): readonly StoredWithdrawal[] {
  const { withdrawal, receipt, proof, assignedProof } = stored;
  if (withdrawal.tried.length === 0) return [];
  const isUnanswered = withdrawal.state === 'submitting' && receipt === null;
  const first = isUnanswered ? proof : assignedProof;
  return first === null ? [] : [{ ...stored, proof: first }];
}

/** How it ended; nothing of its end while the withdrawal is at a venue. */
function endOf({ withdrawal }: StoredWithdrawal): readonly Command[] {
  const { state, venueFee, reasonCode } = withdrawal;
  switch (state) {
    case 'completed':
    case 'capturing': {
      const fee: readonly Command[] =
        venueFee === null ? [] : [{ kind: 'record_venue_fee', amount: venueFee }];
      return [{ kind: 'capture' }, ...fee];
    }
    case 'failed':
    case 'cancelled':
    case 'releasing':
    case 'cancelling':
      return [{ kind: 'release', reason: reasonCode ?? 'not paid' }];
    default:
      return [];
  }
}

function commandOf({ headers, value }: WireMessage): CommandAgainDto {
  return { type: headers['ce_type'] as CommandAgainDto['type'], data: value };
}
