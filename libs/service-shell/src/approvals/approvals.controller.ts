import { Body, Get, Param, Post } from '@nestjs/common';
import {
  AdminController,
  Answers,
  AnswersList,
  ApproveDto,
  ApprovalDto,
  ApprovalParams,
  ApprovedDto,
  type Caller,
  CallerOf,
  Refuses,
  ReadOften,
  Requires,
  ROLES,
} from '@sluice/http-api';
import { Approvals } from './approvals.js';

/** Demands of a person, waiting for approval by a second person. */
@AdminController('approvals')
export class ApprovalsController {
  constructor(private readonly store: Approvals) {}

  /** Lists the demands, waiting demands first. */
  @Get()
  @Requires(...ROLES)
  @ReadOften()
  @AnswersList(ApprovalDto)
  approvals(): Promise<ApprovalDto[]> {
    return this.store.list();
  }

  /** Repeats a demand as the second person, and executes the demand. */
  @Post(':id')
  @Requires('approve')
  @Answers(ApprovedDto)
  @Refuses({ 409: 'the request waits no more, has another digest, or is of the same person' })
  async approve(
    @Param() { id }: ApprovalParams,
    @Body() { digest }: ApproveDto,
    @CallerOf() caller: Caller,
  ): Promise<ApprovedDto> {
    return { id, result: await this.store.carryOut(id, digest ?? null, caller) };
  }
}
