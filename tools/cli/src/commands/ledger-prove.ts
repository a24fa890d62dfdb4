import { readFileSync } from 'node:fs';
import type { ChainHeadDto, DivergenceDto, ProofDto } from '@sluice/admin-api';
import { usageError } from '../cli-error.js';
import type { Command } from '../command.js';
import { cell } from '../render/cell.js';
import type { Style } from '../render/style.js';
import { isChainHeadSignedBy } from '@sluice/signing';

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
    {
      name: 'public-key',
      value: 'KEY',
      help: "the ledger's, as you keep it: those heads, and the answered ones, must be signed with it",
    },
  ],
  notes: [
    'Verifies the hash chains over the journal, and recomputes balances and holds from it, in one snapshot.',
    'Exit code 1 for a difference, 2 when the ledger does not answer: then nothing is proven.',
  ],
  example: 'ledger prove',
  run: async (input, { services }) => {
    const file = input.optional('heads');
    const key = input.optional('public-key');
    const given = file === undefined ? [] : headsIn(file);
    const proof = await services.ledger.prove({ heads: given });
    const faults = headFaults(proof, given, key);
    return {
      json: proof,
      text: (style) => textOf(proof, faults, style),
      exitCode: proof.proven && faults.length === 0 ? 0 : 1,
    };
  },
};

/**
 * Reads the list of heads; the ledger checks the entries. Throws a usage error for a file without a
 * list.
 */
function headsIn(file: string): readonly ChainHeadDto[] {
  try {
    const heads: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (Array.isArray(heads)) return heads as readonly ChainHeadDto[];
  } catch (error) {
    throw usageError(`--heads ${file} cannot be read: ${(error as Error).message}`);
  }
  throw usageError(`--heads ${file} is not a JSON list`);
}

/**
 * Returns signature faults: given heads rejected by the ledger, and given or answered heads not
 * signed with the caller's public key.
 */
function headFaults(
  { chain: { forged, heads } }: ProofDto,
  given: readonly ChainHeadDto[],
  key: string | undefined,
): readonly string[] {
  const names = (list: readonly ChainHeadDto[]) =>
    list.map(({ shard, sequence }) => `${cell(shard)}/${cell(sequence)}`).join(', ');
  const foreign = (list: readonly ChainHeadDto[]) =>
    key === undefined ? [] : list.filter((head) => !isChainHeadSignedBy(key, head));
  const [unsigned, answered] = [foreign(given), foreign(heads)];
  return [
    ...(forged.length > 0 ? [`forged: the ledger did not sign the heads ${names(forged)}`] : []),
    ...(unsigned.length > 0 ? [`forged: no signature by your key on ${names(unsigned)}`] : []),
    ...(answered.length > 0
      ? [`the ledger that answered does not sign with your key: ${names(answered)}`]
      : []),
  ];
}

function textOf(
  { proven, chain, book }: ProofDto,
  faults: readonly string[],
  style: Style,
): string {
  const { entries, links, divergence } = chain;
  return [
    `${entries} entries in ${links} links, ${book.checked} invariants`,
    ...(divergence ? divergenceLines(divergence, style) : []),
    ...faults.map((fault) => style.bad(fault)),
    ...book.violations.map(({ invariant }) => style.bad(`violated: ${cell(invariant)}`)),
    proven ? style.good('the book is proven') : style.bad('the book is NOT proven'),
  ].join('\n');
}

function divergenceLines(
  { kind, shard, sequence, entries }: DivergenceDto,
  style: Style,
): readonly string[] {
  const place = shard === null ? '' : ` in link ${cell(sequence)} of chain ${shard}`;
  return [
    style.bad(`first divergence: ${cell(kind)}${place}`),
    ...entries.map((entry) => `  entry ${cell(entry)}`),
  ];
}
