import { ApiProperty } from '@nestjs/swagger';
import { NestedListField, PatternField, TextField, WholeNumberField } from '../../http/fields.js';
import { InvariantReportDto } from '../platform/invariant-report.dto.js';

/** Last link of a hash chain, in a proof's response or on `ledger.chain-heads`. */
export class ChainHeadDto {
  @WholeNumberField({ min: 0, max: 99_999, orText: true }) shard!: number;
  @PatternField(/^\d{1,19}$/, 'a whole number as text') sequence!: string;
  @PatternField(/^[0-9a-f]{64}$/, '64 hexadecimal digits') hash!: string;
  @TextField({}, { optional: true, description: 'the public key that signed it, in base64' })
  key?: string;
  @TextField(
    {},
    { optional: true, description: 'by Ed25519, in base64; a head without one is no head of ours' },
  )
  signature?: string;
}

export class ProveBookDto {
  @NestedListField(() => ChainHeadDto, {
    optional: true,
    description: 'heads that were published on `ledger.chain-heads` or proven before',
  })
  heads?: readonly ChainHeadDto[];
}

const DIVERGENCES = [
  'link_missing',
  'link_changed',
  'link_unkeyed',
  'link_key_unknown',
  'entry_missing',
  'entry_changed',
  'entry_misplaced',
  'head_differs',
  'published_head_differs',
  'checkpoint_differs',
  'checkpoint_forged',
  'entry_unchained',
  'entry_chained_twice',
];

/** The first place where a chain and the journal differ. */
class DivergenceDto {
  @ApiProperty({ enum: DIVERGENCES }) kind!: string;
  @ApiProperty({ type: 'integer', nullable: true }) shard!: number | null;
  @ApiProperty({ type: 'string', nullable: true, description: 'of the link' })
  sequence!: string | null;
  @ApiProperty({ type: [String], description: 'up to 20 of those concerned' })
  entries!: readonly string[];
}

class ChainReportDto {
  @ApiProperty({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description:
      'the checkpoint from which on the chains were walked; null while nothing is detached',
  })
  since!: string | null;
  @ApiProperty({ type: 'integer' }) links!: number;
  @ApiProperty({ type: 'integer' }) entries!: number;
  @NestedListField(() => ChainHeadDto) heads!: readonly ChainHeadDto[];
  @NestedListField(() => ChainHeadDto, {
    description: 'of the heads that were given, those that this ledger did not sign',
  })
  forged!: readonly ChainHeadDto[];
  @ApiProperty({ type: () => DivergenceDto, nullable: true }) divergence!: DivergenceDto | null;
}

export class ProofDto {
  @ApiProperty() proven!: boolean;
  @ApiProperty({ description: 'the journal against its chains' }) chain!: ChainReportDto;
  @ApiProperty({ description: 'balances and holds, recomputed from the journal' })
  book!: InvariantReportDto;
}
