import { ApiProperty } from '@nestjs/swagger';
import { NestedListField, PatternField, WholeNumberField } from '@sluice/http-api';
import { InvariantReportDto } from '../platform/invariant-report.dto.js';

/** The last link of a hash chain, as a proof answers it or as `ledger.chain-heads` has it. */
export class ChainHeadDto {
  @WholeNumberField({ min: 0, max: 99_999, orText: true }) shard!: number;
  @PatternField(/^\d{1,19}$/, 'a whole number as text') sequence!: string;
  @PatternField(/^[0-9a-f]{64}$/, '64 hexadecimal digits') hash!: string;
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
  'entry_missing',
  'entry_changed',
  'entry_misplaced',
  'head_differs',
  'published_head_differs',
  'checkpoint_differs',
  'entry_unchained',
  'entry_chained_twice',
];

/** The first place where a chain and the journal differ. */
export class DivergenceDto {
  @ApiProperty({ enum: DIVERGENCES }) kind!: string;
  @ApiProperty({ type: 'integer', nullable: true }) shard!: number | null;
  @ApiProperty({ type: 'string', nullable: true, description: 'of the link' })
  sequence!: string | null;
  @ApiProperty({ type: [String], description: 'up to 20 of those concerned' })
  entries!: readonly string[];
}

export class ChainReportDto {
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
  @ApiProperty({ type: () => DivergenceDto, nullable: true }) divergence!: DivergenceDto | null;
}

export class ProofDto {
  @ApiProperty() proven!: boolean;
  @ApiProperty({ description: 'the journal against its chains' }) chain!: ChainReportDto;
  @ApiProperty({ description: 'balances and holds, recomputed from the journal' })
  book!: InvariantReportDto;
}
