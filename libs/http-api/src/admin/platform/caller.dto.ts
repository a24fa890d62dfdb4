import { ApiProperty } from '@nestjs/swagger';
import { ROLES, type Role } from '../callers/caller.js';

/** Caller, according to the service's check of the credential. */
export class CallerDto {
  @ApiProperty() name!: string;
  @ApiProperty({ enum: ROLES, isArray: true }) roles!: readonly Role[];
}
