import { Body, Get, Param, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  type Accepted,
  acceptedWhenAwaited,
  AdminController,
  Answers,
  AnswersList,
  ApiError,
  type AwaitedDto,
  type Caller,
  CallerOf,
  EntryDto,
  EntryParams,
  LedgerAccountParams,
  MayAwait,
  Refuses,
  Requires,
  ReversalDto,
  ReversalParams,
  ReverseEntryDto,
  ROLES,
  TransferDto,
  TransferFundsDto,
  WithdrawalEntriesParams,
} from '@sluice/http-api';
import { MoneyOrders } from '../money-orders/money-orders.js';
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

@AdminController('withdrawals')
export class WithdrawalEntriesController {
  constructor(private readonly queries: LedgerQueries) {}

  @Get(':withdrawal_id/entries')
  @Requires(...ROLES)
  @ApiOperation({
    summary:
      'Journal entries of a withdrawal, oldest first; none for a withdrawal without a movement of money',
  })
  @AnswersList(EntryDto)
  @Refuses()
  entriesOf(@Param() { withdrawal_id }: WithdrawalEntriesParams): Promise<EntryDto[]> {
    return this.queries.entriesOf(withdrawal_id);
  }
}

/** Manual transfers and reversals by operators. */
@AdminController('accounts/:account_id')
export class TransfersController {
  constructor(private readonly orders: MoneyOrders) {}

  @Post('transfers')
  @Requires('administer')
  @ApiOperation({
    summary:
      'Moves money between own accounts; a repeat with the same reference returns the first entry',
  })
  @Answers(TransferDto)
  @MayAwait()
  @Refuses({
    404: 'no such account',
    409: 'the reference was used for something else, or the account is frozen',
    422: 'a rule of the ledger forbids it: too little money, an amount of zero, sides that the chart forbids',
  })
  async transfer(
    @Param() { account_id }: LedgerAccountParams,
    @Body() { evidence, ...transfer }: TransferFundsDto,
    @CallerOf() caller: Caller,
  ): Promise<TransferDto | Accepted<AwaitedDto>> {
    const data = { accountId: account_id, ...transfer };
    const shown = evidence ?? transfer.reference;
    const wish = { type: 'ledger.transfer-funds.v1', data, evidence: shown } as const;
    return acceptedWhenAwaited(await this.orders.place(wish, caller));
  }

  @Post('entries/:entry_id/reversal')
  @Requires('administer')
  @ApiOperation({
    summary:
      'Reverses lines of an entry by a second entry; the first entry stays. A repeat returns the first reversal',
  })
  @Answers(ReversalDto)
  @MayAwait()
  @Refuses({
    404: 'no such account or entry',
    422: 'the entry is of another account, is a reversal itself, or lacks the lines, or too little money is left',
  })
  async reverse(
    @Param() { account_id, entry_id: entryId }: ReversalParams,
    @Body() reversal: ReverseEntryDto,
    @CallerOf() caller: Caller,
  ): Promise<ReversalDto | Accepted<AwaitedDto>> {
    const data = { accountId: account_id, entryId, ...reversal };
    const wish = { type: 'ledger.reverse-entry.v1', data, evidence: reversal.reason } as const;
    return acceptedWhenAwaited(await this.orders.place(wish, caller));
  }
}
