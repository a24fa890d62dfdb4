import { Get, Param, Post } from '@nestjs/common';
import {
  AdminController,
  ApprovalDto,
  ApprovalParams,
  ApprovedDto,
  CallerOf,
  Requires,
  ROLES,
  type Caller,
} from '@sluice/admin-api';
import { Answers, AnswersList } from '@sluice/http-api';
import { Approvals } from './approvals.js';

/** What one person has asked for and another one has to approve. */
@AdminController('approvals')
export class ApprovalsController {
  constructor(private readonly approvals: Approvals) {}

  /** Those that wait first. */
  @Get()
  @Requires(...ROLES)
  @AnswersList(ApprovalDto)
  list(): Promise<ApprovalDto[]> {
    return this.approvals.list();
  }

  /** Says the same as the first person, and so does it. */
  @Post(':id')
  @Requires('approve')
  @Answers(ApprovedDto)
  async approve(@Param() { id }: ApprovalParams, @CallerOf() caller: Caller): Promise<ApprovedDto> {
    return { id, result: await this.approvals.carryOut(id, caller) };
  }
}
