import { Get } from '@nestjs/common';
import {
  AdminController,
  AnswersList,
  Requires,
  ROLES,
  UnclaimedRecordDto,
} from '@sluice/http-api';
import { SubmissionViews } from './submission-views.js';

@AdminController('halts/records')
export class UnclaimedRecordsController {
  constructor(private readonly views: SubmissionViews) {}

  /** Lists payments in the venue's records not sent by this connector. */
  @Get()
  @Requires(...ROLES)
  @AnswersList(UnclaimedRecordDto)
  list(): Promise<UnclaimedRecordDto[]> {
    return this.views.unclaimedRecords();
  }
}
