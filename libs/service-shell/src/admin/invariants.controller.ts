import { Get, Inject } from '@nestjs/common';
import { AdminController, Answers, InvariantReportDto, Requires, ROLES } from '@sluice/http-api';
import type { InvariantReport } from '@sluice/postgres';
import { INVARIANT_CHECK } from '../settings/tokens.js';

/** Invariants of this service's database; each query returns the violating rows. */
@AdminController('invariants')
export class InvariantsController {
  constructor(@Inject(INVARIANT_CHECK) private readonly check: () => Promise<InvariantReport>) {}

  @Get()
  @Requires(...ROLES)
  @Answers(InvariantReportDto)
  report(): Promise<InvariantReportDto> {
    return this.check();
  }
}
