import { Get, Param, Post } from '@nestjs/common';
import {
  AdminController,
  DeadLetterDto,
  DeadLetterParams,
  ReplayedDeadLetterDto,
  Requires,
  ROLES,
} from '@sluice/admin-api';
import { Answers, AnswersList, ApiError } from '@sluice/http-api';
import { DeadLetters, UnitOfWork, type DeadLetter } from '@sluice/postgres';

@AdminController('dead-letters')
export class DeadLettersController {
  constructor(
    private readonly deadLetters: DeadLetters,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** Those that wait, newest first. */
  @Get()
  @Requires(...ROLES)
  @AnswersList(DeadLetterDto)
  async list(): Promise<DeadLetterDto[]> {
    return (await this.deadLetters.list()).map(shown);
  }

  /** Sends one to its topic again, with the id it had. */
  @Post(':id/replay')
  @Requires('operate')
  @Answers(ReplayedDeadLetterDto)
  async replay(@Param() { id }: DeadLetterParams): Promise<ReplayedDeadLetterDto> {
    if (!(await this.deadLetters.replay(id, this.unitOfWork)))
      throw ApiError.notFound('No dead letter waits under this id');
    return { id, replayed: true };
  }
}

function shown({ deadLetteredAt, replayedAt, ...letter }: DeadLetter): DeadLetterDto {
  return { ...letter, dead_lettered_at: deadLetteredAt, replayed_at: replayedAt };
}
