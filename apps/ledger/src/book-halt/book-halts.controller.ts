import { Body, Get, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  AdminController,
  BookHaltDto,
  LiftBookHaltDto,
  Refuses,
  Requires,
  ROLES,
} from '@sluice/admin-api';
import { Answers, AnswersList, ApiError } from '@sluice/http-api';
import { Database } from '@sluice/postgres';
import { bookHalts, liftBookHalt } from './book-halt.js';

@AdminController('book-halts')
export class BookHaltsController {
  constructor(private readonly database: Database) {}

  @Get()
  @Requires(...ROLES)
  @ApiOperation({ summary: 'When the book was halted and by what, newest first' })
  @AnswersList(BookHaltDto)
  halts(): Promise<BookHaltDto[]> {
    return bookHalts(this.database);
  }

  @Post('resume')
  @Requires('operate', 'approve')
  @ApiOperation({ summary: 'Lets the ledger go on after a person has looked' })
  @Answers(BookHaltDto)
  @Refuses({ 409: 'the book is not halted' })
  async lift(@Body() lift: LiftBookHaltDto): Promise<BookHaltDto> {
    const lifted = await liftBookHalt(this.database, lift);
    if (!lifted) throw ApiError.conflict('The book is not halted');
    return lifted;
  }
}
