import { unreachable } from '@sluice/kernel';
import type { Receipt } from '@sluice/evm';
import type { DecidedNonce } from './chain-look.js';

/** A row of `STORE_MINED`. */
interface MinedRow {
  readonly address: string;
  readonly nonce: string;
  readonly hash: string | null;
  readonly block_number: string | null;
  readonly block_hash: string | null;
}

/** A row of `STORE_ENDS`. */
interface EndRow {
  readonly address: string;
  readonly nonce: string;
  readonly outcome: 'paid' | 'no_transfer' | 'reverted' | 'disputed' | 'void' | 'dead';
  readonly hash: string | null;
  readonly block_number: string | null;
  readonly block_hash: string | null;
  readonly reverted: boolean | null;
  readonly gas_used: string | null;
  readonly gas_price: string | null;
}

/** An address with a key also used outside this system. */
interface StrangeUse {
  readonly address: string;
  readonly because: string;
}

export interface Findings {
  readonly mined: readonly MinedRow[];
  readonly ends: readonly EndRow[];
  readonly strange: readonly StrangeUse[];
}

/** Converts the decisions of a poll to rows. */
export function findingsOf(decided: readonly DecidedNonce[]): Findings {
  const mined: MinedRow[] = [];
  const ends: EndRow[] = [];
  const strange: StrangeUse[] = [];
  for (const { row, decision, isForgottenVoid } of decided) {
    const place = { address: row.address, nonce: row.nonce };
    const { verdict } = decision;
    switch (verdict.kind) {
      case 'pending':
        if (row.mined_in !== null)
          mined.push({ ...place, hash: null, block_number: null, block_hash: null });
        break;
      case 'mined':
        mined.push({ ...place, hash: verdict.receipt.hash, ...blockOf(verdict.receipt) });
        break;
      case 'settled':
        ends.push({ ...place, outcome: 'paid', ...proofOf(verdict.receipt) });
        break;
      case 'failed':
        ends.push({ ...place, outcome: verdict.reason, ...proofOf(verdict.receipt) });
        break;
      case 'void':
        ends.push({ ...place, outcome: 'void', ...proofOf(verdict.receipt) });
        break;
      case 'disputed':
        ends.push({ ...place, outcome: 'disputed', ...proofOf(verdict.receipt) });
        break;
      case 'dead':
        ends.push({ ...place, outcome: 'dead', ...NO_PROOF });
        if (isForgottenVoid) break;
        strange.push({
          address: row.address,
          because: `nonce ${row.nonce} of the address was used by transaction ${verdict.usedBy} without a record: another party has the key`,
        });
        break;
      default:
        unreachable(verdict);
    }
  }
  return { mined, ends, strange };
}

const NO_PROOF = {
  hash: null,
  block_number: null,
  block_hash: null,
  reverted: null,
  gas_used: null,
  gas_price: null,
} as const;

function blockOf({ blockNumber, blockHash }: Receipt) {
  return { block_number: blockNumber.toString(), block_hash: blockHash };
}

function proofOf(receipt: Receipt) {
  return {
    hash: receipt.hash,
    ...blockOf(receipt),
    reverted: receipt.status === 'reverted',
    gas_used: receipt.gasUsed?.toString() ?? null,
    gas_price: receipt.effectiveGasPrice?.toString() ?? null,
  };
}
