import type { Command } from '../command.js';
import { cell } from '../render/cell.js';
import { rowOf } from '../row.js';

/** It reads the whole journal. */
const TIMEOUT_MS = 3_600_000;

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
  run: async (input, { admin }) => {
    const before = input.text('before');
    const data = rowOf(
      await admin.answer('ledger', {
        method: 'POST',
        path: '/internal/journal/detachments',
        body: { before },
        timeoutMs: TIMEOUT_MS,
      }),
    );
    const partitions = Array.isArray(data['partitions']) ? data['partitions'] : [];
    return {
      json: data,
      text: (style) =>
        [
          style.good(`the book is proven; the journal begins ${cell(data['until'])}`),
          ...partitions.map((partition) => `  detached ${cell(partition)}`),
        ].join('\n'),
    };
  },
};
