import { readFileSync } from 'node:fs';
import { usageError } from '../cli-error.js';
import type { Answer, Command } from '../command.js';
import type { AdminClient } from '../admin-client.js';
import { cell } from '../render/cell.js';
import type { Style } from '../render/style.js';
import { isRow, rowOf, rowsIn, type Row } from '../row.js';

/** It reads the whole journal. */
const TIMEOUT_MS = 3_600_000;

export const ledgerProve: Command = {
  name: 'ledger prove',
  summary: 'proves the whole book, or names where it first diverges',
  operands: [],
  options: [
    {
      name: 'heads',
      value: 'FILE',
      help: 'heads that were kept from an earlier proof or from ledger.chain-heads, as a JSON list',
    },
  ],
  notes: [
    'Verifies the hash chains over the journal, and recomputes balances and holds from it, in one snapshot.',
    'Exit code 1 when something diverges, 2 when the ledger cannot be asked: then nothing is proven.',
  ],
  example: 'ledger prove',
  run: async (input, { admin }) => {
    const file = input.optional('heads');
    return prove(admin, file === undefined ? [] : headsIn(file));
  },
};

async function prove(admin: AdminClient, heads: readonly unknown[]): Promise<Answer> {
  const proof = rowOf(
    await admin.answer('ledger', {
      method: 'POST',
      path: '/internal/proof',
      body: { heads },
      timeoutMs: TIMEOUT_MS,
    }),
  );
  return {
    json: proof,
    text: (style) => textOf(proof, style),
    exitCode: proof['proven'] === true ? 0 : 1,
  };
}

/** Throws a usage error for a file that holds no list. */
function headsIn(file: string): readonly unknown[] {
  try {
    const heads: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (Array.isArray(heads)) return heads;
  } catch (error) {
    throw usageError(`--heads ${file} cannot be read: ${(error as Error).message}`);
  }
  throw usageError(`--heads ${file} is not a JSON list`);
}

function textOf(proof: Row, style: Style): string {
  const [chain, book] = [rowOf(proof['chain']), rowOf(proof['book'])];
  const violated = rowsIn(book, 'violations').map((violation) =>
    style.bad(`violated: ${cell(violation['invariant'])}`),
  );
  const { divergence } = chain;
  return [
    `${cell(chain['entries'])} entries in ${cell(chain['links'])} links, ${cell(book['checked'])} invariants`,
    ...(isRow(divergence) ? divergenceLines(divergence, style) : []),
    ...violated,
    proof['proven'] === true
      ? style.good('the book is proven')
      : style.bad('the book is NOT proven'),
  ].join('\n');
}

function divergenceLines(divergence: Row, style: Style): string[] {
  const { kind, shard, sequence, entries } = divergence;
  const place = shard === null ? '' : ` in link ${cell(sequence)} of chain ${cell(shard)}`;
  return [
    style.bad(`first divergence: ${cell(kind)}${place}`),
    ...(Array.isArray(entries) ? entries.map((entry) => `  entry ${cell(entry)}`) : []),
  ];
}
