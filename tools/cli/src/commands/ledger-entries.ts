import type { Command } from '../command.js';
import { findWithdrawal, isUuid } from '../find-withdrawal.js';
import { POSTINGS, postingsOf } from '../render/entries.js';
import { table } from '../render/table.js';

export const ledgerEntries: Command = {
  name: 'ledger entries',
  summary: 'lists what was booked for a withdrawal',
  operands: [],
  options: [{ name: 'withdrawal', value: 'W', help: 'its number or its uuid', required: true }],
  example: 'ledger entries --withdrawal 17',
  run: async (input, { services }) => {
    const given = input.text('withdrawal').toLowerCase();
    const id = isUuid(given) ? given : (await findWithdrawal(services, given)).id;
    const entries = await services.ledger.entriesOf(id);
    return {
      json: entries,
      text: (style) =>
        table(POSTINGS, postingsOf(entries), style, 'nothing was booked for this withdrawal'),
    };
  },
};
