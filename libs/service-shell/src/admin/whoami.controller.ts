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

/** Who asks, and what they may do. */
@AdminController('whoami')
export class WhoamiController {
  @Get()
  @Requires(...ROLES)
  @Answers(CallerDto)
  whoami(@CallerOf() { name, roles }: Caller): CallerDto {
    return { name, roles };
  }
}
