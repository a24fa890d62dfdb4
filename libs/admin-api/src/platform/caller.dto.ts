import { ApiProperty } from '@nestjs/swagger';
import { ROLES, type Role } from '../caller.js';

/** Who makes a call, as the service understands its credential. */
export class CallerDto {
  @ApiProperty() name!: string;
  @ApiProperty({ enum: ROLES, isArray: true }) roles!: readonly Role[];
}
