import { IsOptional } from 'class-validator';
import { IsHash, IsLabel, IsWholeNumberText } from './fields.js';
import { topic } from './topic.js';

/** `ledger.chain-extended.v1`: the newest head of a shard's chain. A stored head proves that no earlier journal entry was rewritten. */
class ChainExtendedV1 {
  @IsLabel() shard!: string;
  /** Number of the entry with this MAC; entries of a shard are numbered from 1. */
  @IsWholeNumberText() sequence!: string;
  /** HMAC-SHA-256 under the ledger's secret, lower-case hex. */
  @IsHash() hash!: string;
  /** Public Ed25519 key of the ledger, and its signature of the head, in base64. A head without both is not a head of this ledger. */
  @IsOptional() @IsLabel() key?: string;
  @IsOptional() @IsLabel() signature?: string;
}

export const ledgerChainHeads = topic('ledger.chain-heads', {
  producedBy: 'ledger',
  consumedBy: null,
  followedBy: ['auditor'],
  readBackBy: ['ledger'],
  key: 'shard',
  types: { 'ledger.chain-extended.v1': ChainExtendedV1 },
});
