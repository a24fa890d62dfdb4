import { Get, Param } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  AdminController,
  Answers,
  ApiError,
  EntryDto,
  EntryParams,
  Refuses,
  Requires,
  ROLES,
} from '@sluice/http-api';
import { LedgerQueries } from '../postgres/ledger-queries.js';

@AdminController('entries')
export class EntriesController {
  constructor(private readonly queries: LedgerQueries) {}

  @Get(':entry_id')
  @Requires(...ROLES)
  @ApiOperation({ summary: 'A journal entry with its postings' })
  @Answers(EntryDto)
  @Refuses({ 404: 'no such entry' })
  async entry(@Param() { entry_id }: EntryParams): Promise<EntryDto> {
    const entry = await this.queries.entry(entry_id);
    if (!entry) throw ApiError.notFound('Entry not found');
    return entry;
  }
}
