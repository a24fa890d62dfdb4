import { Get } from '@nestjs/common';
import {
  AdminController,
  CallerDto,
  CallerOf,
  Requires,
  ROLES,
  type Caller,
} from '@sluice/admin-api';
import { Answers } from '@sluice/http-api';

/** Returns the caller's name and roles. */
@AdminController('whoami')
export class WhoamiController {
  @Get()
  @Requires(...ROLES)
  @Answers(CallerDto)
  whoami(@CallerOf() { name, roles }: Caller): CallerDto {
    return { name, roles };
  }
}
