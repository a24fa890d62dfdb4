import { ApiProperty } from '@nestjs/swagger';

export class ViolationDto {
  /** The invariant's code and sentence. */
  @ApiProperty() invariant!: string;
  @ApiProperty({ type: 'array', items: { type: 'object' } }) rows!: readonly object[];
}

/** What must hold in a service's database, and for which rows it does not. */
export class InvariantReportDto {
  @ApiProperty() checked!: number;
  @ApiProperty({ type: [ViolationDto] }) violations!: readonly ViolationDto[];
  /** Rows looked at, by kind: a check over nothing proves nothing. */
  @ApiProperty({ type: 'object', additionalProperties: { type: 'integer' } })
  populations!: Readonly<Record<string, number>>;
}
