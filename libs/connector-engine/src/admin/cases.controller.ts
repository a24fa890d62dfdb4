import { Get } from '@nestjs/common';
import { AdminController, AnswersList, CaseDto, Requires, ROLES } from '@sluice/http-api';
import { SubmissionViews } from './submission-views.js';

/** Cases for a person to examine, newest first. */
@AdminController('cases')
export class CasesController {
  constructor(private readonly views: SubmissionViews) {}

  @Get()
  @Requires(...ROLES)
  @AnswersList(CaseDto)
  list(): Promise<CaseDto[]> {
    return this.views.cases();
  }
}
