import { IsHash, IsLabel, IsWholeNumberText } from './fields.js';
import { topic } from './topic.js';

/** `ledger.chain-extended.v1`: the chain of this shard has come this far. Who keeps it can prove that no journal entry before it was rewritten. */
export class ChainExtendedV1 {
  @IsLabel() shard!: string;
  /** Of the link whose hash this is; links of a shard are numbered from 1. */
  @IsWholeNumberText() sequence!: string;
  /** SHA-256, lower-case hex. */
  @IsHash() hash!: string;
}

export const ledgerChainHeads = topic('ledger.chain-heads', {
  producedBy: 'ledger',
  consumedBy: null,
  key: 'shard',
  types: { 'ledger.chain-extended.v1': ChainExtendedV1 },
});
