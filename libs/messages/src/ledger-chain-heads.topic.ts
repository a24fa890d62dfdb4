import { IsOptional } from 'class-validator';
import { IsHash, IsLabel, IsWholeNumberText } from './fields.js';
import { topic } from './topic.js';

/** `ledger.chain-extended.v1`: the chain of this shard has come this far. Who keeps it can prove that no journal entry before it was rewritten. */
export class ChainExtendedV1 {
  @IsLabel() shard!: string;
  /** Of the link whose hash this is; links of a shard are numbered from 1. */
  @IsWholeNumberText() sequence!: string;
  /** HMAC-SHA-256 under the ledger's secret, lower-case hex. */
  @IsHash() hash!: string;
  /** The ledger's public Ed25519 key, and its signature over the head, in base64. A head of before there were keys has neither. */
  @IsOptional() @IsLabel() key?: string;
  @IsOptional() @IsLabel() signature?: string;
}

export const ledgerChainHeads = topic('ledger.chain-heads', {
  producedBy: 'ledger',
  consumedBy: null,
  readBackBy: ['ledger'],
  key: 'shard',
  types: { 'ledger.chain-extended.v1': ChainExtendedV1 },
});
