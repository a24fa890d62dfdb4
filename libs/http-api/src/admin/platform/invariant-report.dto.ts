import { ApiProperty } from '@nestjs/swagger';

export class ViolationDto {
  /** The invariant's code and sentence. */
  @ApiProperty() invariant!: string;
  @ApiProperty({ type: 'array', items: { type: 'object' } }) rows!: readonly object[];
}

/** Invariants of a service's database, with the rows in violation. */
export class InvariantReportDto {
  @ApiProperty() checked!: number;
  @ApiProperty({ type: [ViolationDto] }) violations!: readonly ViolationDto[];
  /** Number of rows checked, by kind: a check of zero rows proves no invariant. */
  @ApiProperty({ type: 'object', additionalProperties: { type: 'integer' } })
  populations!: Readonly<Record<string, number>>;
}
