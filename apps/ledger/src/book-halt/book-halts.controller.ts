import { Body, Get, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  type Accepted,
  acceptedWhenAwaited,
  AdminController,
  Answers,
  AnswersList,
  ApiError,
  type AwaitedDto,
  BookHaltDto,
  type Caller,
  CallerOf,
  LiftBookHaltDto,
  MayAwait,
  Refuses,
  ReadOften,
  Requires,
  ROLES,
} from '@sluice/http-api';
import { Database, UnitOfWork } from '@sluice/postgres';
import { Approvals } from '@sluice/service-shell';
import { bookHalts, BookLifts, liftBookHalt, lockBookHalt } from './book-halt.js';

/** Approval action for lifting a halt. */
const RESUME = 'resume book';

@AdminController('book-halts')
export class BookHaltsController {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly approvals: Approvals,
    private readonly lifts: BookLifts,
  ) {
    approvals.register(RESUME, (_target, request, caller) =>
      this.carryOut(request as LiftBookHaltDto, caller),
    );
  }

  @Get()
  @Requires(...ROLES, 'service:intake-api')
  @ReadOften()
  @ApiOperation({ summary: 'When the book was halted and by what, newest first' })
  @AnswersList(BookHaltDto)
  async bookHalts(): Promise<BookHaltDto[]> {
    await this.lifts.look();
    return bookHalts(this.database);
  }

  @Post('resume')
  @Requires('operate', 'approve')
  @ApiOperation({ summary: 'Resumes the halted ledger; requires two people' })
  @Answers(BookHaltDto)
  @MayAwait()
  @Refuses({ 409: 'the book is not halted' })
  async liftBookHalt(
    @Body() lift: LiftBookHaltDto,
    @CallerOf() caller: Caller,
  ): Promise<BookHaltDto | Accepted<AwaitedDto>> {
    return acceptedWhenAwaited(await this.carryOut(lift, caller));
  }

  private async carryOut(
    { evidence }: LiftBookHaltDto,
    caller: Caller,
  ): Promise<BookHaltDto | AwaitedDto> {
    await this.lifts.look(() => true);
    const lifted = await this.unitOfWork.run<BookHaltDto | AwaitedDto>(async (tx) => {
      const target = await lockBookHalt(tx);
      if (target === null) throw ApiError.conflict('The book is not halted');
      const demand = { action: RESUME, target, request: { evidence } };
      const awaited = await this.approvals.ask(tx, demand, caller);
      if (awaited) return awaited;
      const people = await this.approvals.approve(tx, demand, caller);
      return liftBookHalt(tx, target, people, evidence, this.lifts);
    });
    await this.lifts.look();
    return lifted;
  }
}
