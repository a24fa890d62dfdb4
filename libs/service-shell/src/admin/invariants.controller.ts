import { Get, Inject } from '@nestjs/common';
import { AdminController, InvariantReportDto, Requires, ROLES } from '@sluice/admin-api';
import { Answers } from '@sluice/http-api';
import type { InvariantReport } from '@sluice/postgres';
import { INVARIANT_CHECK } from '../tokens.js';

/** Everything that this service's database must satisfy at any moment; each query answers the rows that do not. */
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
