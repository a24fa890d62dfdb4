import { Get } from '@nestjs/common';
import {
  AdminController,
  Answers,
  type Caller,
  CallerDto,
  CallerOf,
  Requires,
  ROLES,
} from '@sluice/http-api';

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
