import { ApiProperty } from '@nestjs/swagger';
import { utcTime } from '@sluice/kernel';
import { Field, NestedListField, PatternField, TimeField } from '../../http/fields.js';
import { ChainHeadDto } from './proof.dto.js';

const DATE = /^\d{4}-\d{2}-\d{2}$/;

export class DetachJournalDto {
  @Field(
    {
      check: (value) =>
        typeof value === 'string' && DATE.test(value) && utcTime(`${value}T00:00:00Z`) !== null
          ? null
          : 'Input should be a date such as 2026-11-01',
      schema: { type: 'string', format: 'date' },
    },
    { description: 'the months before the one of this date are detached', example: '2026-11-01' },
  )
  before!: string;
}

export class DetachmentDto {
  @TimeField() until!: string;
  @ApiProperty({ type: [String] }) partitions!: readonly string[];
  @PatternField(/^\d+$/, 'a whole number as text', {
    description: 'in all detached partitions, these and earlier ones',
  })
  entries!: string;
  @NestedListField(() => ChainHeadDto, {
    description:
      'of the whole book as it was proven: to be kept, with the tables that were detached',
  })
  heads!: readonly ChainHeadDto[];
}
