import { Body, Param, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  AdminController,
  LedgerAccountParams,
  Refuses,
  Requires,
  ReversalDto,
  ReversalParams,
  ReverseEntryDto,
  TransferDto,
  TransferFundsDto,
} from '@sluice/admin-api';
import { Answers } from '@sluice/http-api';
import { AdminCommands } from '../commands/admin-commands.js';

/** What operators book by hand, and take back. */
@AdminController('accounts/:account_id')
export class TransfersController {
  constructor(private readonly commands: AdminCommands) {}

  @Post('transfers')
  @Requires('administer')
  @ApiOperation({
    summary:
      'Moves money between own accounts; asked again under the same reference it answers the first entry',
  })
  @Answers(TransferDto)
  @Refuses({
    404: 'no such account',
    409: 'the reference was used for something else, or the account is frozen',
    422: 'a rule of the ledger forbids it: too little money, an amount of zero, sides that the chart forbids',
  })
  async transfer(
    @Param() { account_id }: LedgerAccountParams,
    @Body() transfer: TransferFundsDto,
  ): Promise<TransferDto> {
    const { data } = await this.commands.apply({
      type: 'ledger.transfer-funds.v1',
      data: { accountId: account_id, ...transfer },
    });
    const { accountId, entryId: entry_id, ...rest } = data;
    return { account_id: accountId, ...rest, entry_id };
  }

  @Post('entries/:entry_id/reversal')
  @Requires('administer')
  @ApiOperation({
    summary:
      'Takes an entry back by a second one; the first stays. Asked again it answers the first reversal',
  })
  @Answers(ReversalDto)
  @Refuses({
    404: 'no such account or entry',
    422: 'the entry is of another account, or is a reversal itself, or too little money is left',
  })
  async reverse(
    @Param() { account_id, entry_id: entryId }: ReversalParams,
    @Body() { reason }: ReverseEntryDto,
  ): Promise<ReversalDto> {
    const { data } = await this.commands.apply({
      type: 'ledger.reverse-entry.v1',
      data: { accountId: account_id, entryId, reason },
    });
    const { entryId: entry_id, reversedEntryId: reverses } = data;
    return { account_id, entry_id, reverses, reason: data.reason };
  }
}
