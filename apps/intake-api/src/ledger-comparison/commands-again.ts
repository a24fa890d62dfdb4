import type { CommandAgainDto, WithdrawalAgainDto } from '@sluice/http-api';
import type { WireMessage } from '@sluice/messages';
import type { SagaCommand } from '@sluice/withdrawal-core';
import {
  commandMessage,
  openAccountMessage,
  placeHoldMessage,
  type CommandContext,
} from '../wire/wire.js';
import type { StoredWithdrawal } from '../rows/withdrawal-store.js';

/**
 * Returns all commands of a withdrawal the ledger must have, in order, as first sent. The ledger
 * skips an existing account, hold or assignment; a repeated capture, release or fee receives the
 * first answer.
 */
export function commandsAgain(
  recorded: StoredWithdrawal,
  accountName: string,
  context: CommandContext,
): WithdrawalAgainDto {
  const stored = atLastAssigned(recorded);
  const { order } = stored.withdrawal;
  const messages = [
    openAccountMessage(order.accountId, accountName, context.at),
    placeHoldMessage({ ...atItsVenue(stored), earlierReceipt: stored.timedReceipt }, context.at),
    ...assignmentOf(stored).map((given) => commandMessage(given, ASSIGN, context)),
    ...endOf(stored).map((command) => commandMessage(stored, command, context)),
  ];
  return { withdrawal_id: order.id, commands: messages.map(commandOf) };
}

/**
 * Returns a withdrawal whose last assignment was refused by the policy at the venue before: the hold
 * was never assigned to the current venue, and the proof is of the venue before.
 */
function atLastAssigned(stored: StoredWithdrawal): StoredWithdrawal {
  const { withdrawal } = stored;
  const { state, reasonCode, tried } = withdrawal;
  const venue = tried.at(-1);
  const isByPolicy = reasonCode === 'limit_exceeded' || reasonCode === 'policy_denied';
  if (state !== 'failed' || !isByPolicy || venue === undefined) return stored;
  return { ...stored, withdrawal: { ...withdrawal, venue, tried: tried.slice(0, -1) } };
}

/**
 * A repeated hold is placed at the withdrawal's current venue: earlier venues have refused the
 * withdrawal.
 */
function atItsVenue(stored: StoredWithdrawal): StoredWithdrawal {
  const { withdrawal } = stored;
  const order = { ...withdrawal.order, venue: withdrawal.venue };
  return { ...stored, withdrawal: { ...withdrawal, order } };
}

const ASSIGN: SagaCommand = { kind: 'assign', notAfter: null };

/**
 * Assignment of the hold to the current venue, with the previous venue's proof. The last proof is
 * used while the ledger has not answered the assignment. Afterwards the proof of the answered
 * assignment is used, because a later proof comes from the current venue.
 */
function assignmentOf(stored: StoredWithdrawal): readonly StoredWithdrawal[] {
  const { withdrawal, timedReceipt, proof, assignedProof } = stored;
  if (withdrawal.tried.length === 0) return [];
  const isUnanswered = withdrawal.state === 'submitting' && timedReceipt === null;
  const first = isUnanswered ? proof : assignedProof;
  return first === null ? [] : [{ ...stored, proof: first }];
}

/** Final commands of the withdrawal; empty while the withdrawal is at a venue. */
function endOf({ withdrawal }: StoredWithdrawal): readonly SagaCommand[] {
  const { state, venueFee, reasonCode, returnedAmount } = withdrawal;
  switch (state) {
    case 'completed':
    case 'returning':
    case 'returned':
    case 'capturing': {
      const fee: readonly SagaCommand[] =
        venueFee === null ? [] : [{ kind: 'record_venue_fee', amount: venueFee }];
      const back: readonly SagaCommand[] =
        returnedAmount === null ? [] : [{ kind: 'return', amount: returnedAmount }];
      // the ledger answers the separate command with its reason if it refuses the fee
      return [{ kind: 'capture', venueFee: null }, ...fee, ...back];
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
