import type { DecideDto } from '@sluice/admin-api';
import { isAwaited } from '@sluice/admin-client';
import { connectorOf } from '@sluice/messages';
import { awaitedText } from '../awaited-text.js';
import type { Command } from '../command.js';
import { usageError } from '../cli-error.js';
import { findWithdrawal, WITHDRAWAL_ID } from '../find-withdrawal.js';
import type { Input } from '../input.js';
import { cell } from '../render/cell.js';

const DECISIONS = ['paid', 'absent'] as const;

export const withdrawalResolve: Command = {
  name: 'withdrawal resolve',
  summary: 'decides, with evidence, a withdrawal for which the venue’s records are not conclusive',
  operands: [WITHDRAWAL_ID],
  options: [
    {
      name: 'as',
      value: 'paid|absent',
      help: 'paid: the venue has it, and it is followed to its end; absent: it never got there, and the hold is released',
      required: true,
    },
    {
      name: 'evidence',
      value: 'TEXT',
      help: 'evidence of the decision; kept permanently',
      required: true,
    },
    {
      name: 'venue-reference',
      value: 'R',
      help: "the venue's own id of the payment; needed for paid",
    },
  ],
  notes: [
    'The venue is queried first: a record for "paid" must exist and match, and "absent" is refused while the venue may still act on the request.',
    'It counts when a second person approves it: sluice approve.',
    'There is no way back: "absent" about a payment that was made loses its amount.',
  ],
  example: 'withdrawal resolve 17 --as absent --evidence "support ticket 8812: no such transfer"',
  run: async (input, { services }) => {
    const decision = decisionIn(input);
    const { id, number, venue } = await findWithdrawal(services, input.operand('ID'));
    const decided = await services.connector(venue).decide(id, decision);
    return {
      json: { withdrawal_id: id, number, ...decided },
      text: () => {
        if (isAwaited(decided)) return awaitedText(decided, connectorOf(venue));
        return `withdrawal ${cell(number)} is decided as ${decision.decision}; its submission is now ${cell(decided.state)}. See: sluice withdrawal show ${cell(number)}`;
      },
    };
  },
};

function decisionIn(input: Input): DecideDto {
  const decision = input.choice('as', DECISIONS);
  const venueReference = input.optional('venue-reference');
  if (decision === undefined) throw usageError('--as is missing');
  return {
    decision,
    evidence: input.text('evidence'),
    ...(venueReference !== undefined && { venue_reference: venueReference }),
  };
}
