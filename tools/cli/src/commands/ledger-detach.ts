import type { Command } from '../command.js';
import { cell } from '../render/cell.js';

export const ledgerDetach: Command = {
  name: 'ledger detach',
  summary: 'proves the book and takes the old partitions of the journal off it',
  operands: [],
  options: [
    {
      name: 'before',
      value: 'DATE',
      help: 'partitions that end before the month of this date, e.g. 2026-11-01',
      required: true,
    },
  ],
  notes: [
    'The proof (heads of the chains, closing balance of every account) is kept as a checkpoint, and later proofs begin there.',
    'The partitions stay in the database as tables of their own, for its owner to store and drop. Refused when anything does not hold.',
  ],
  example: 'ledger detach --before 2026-11-01',
  run: async (input, { services }) => {
    const detached = await services.ledger.detachJournal({ before: input.text('before') });
    return {
      json: detached,
      text: (style) =>
        [
          style.good(`the book is proven; the journal begins ${cell(detached.until)}`),
          ...detached.partitions.map((partition) => `  detached ${cell(partition)}`),
        ].join('\n'),
    };
  },
};
