import { Body, Param, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  AdminController,
  FreezeAccountDto,
  FreezeDto,
  FreezeParams,
  FundLedgerAccountDto,
  LedgerAccountDto,
  LedgerAccountParams,
  LedgerFundingDto,
  OpenLedgerAccountDto,
  Refuses,
  Requires,
} from '@sluice/admin-api';
import { Answers } from '@sluice/http-api';
import { AdminCommands } from '../commands/admin-commands.js';

const UNKNOWN = 'no such account';

@AdminController('accounts')
export class AccountsController {
  constructor(private readonly commands: AdminCommands) {}

  @Post()
  @Requires('administer')
  @ApiOperation({ summary: 'Opens an account; again under the same name it changes nothing' })
  @Answers(LedgerAccountDto)
  @Refuses({ 409: 'the account id was opened under another name' })
  async open(
    @Body() { account_id: accountId, name }: OpenLedgerAccountDto,
  ): Promise<LedgerAccountDto> {
    const { data } = await this.commands.apply({
      type: 'ledger.open-account.v1',
      data: { accountId, name },
    });
    return { account_id: data.accountId, name: data.name };
  }

  @Post(':account_id/fundings')
  @Requires('administer')
  @ApiOperation({
    summary:
      'Credits money that arrived from outside; asked again under the same reference it answers the first entry',
  })
  @Answers(LedgerFundingDto)
  @Refuses({
    404: UNKNOWN,
    409: 'the reference was used for something else',
    422: 'the amount is zero',
  })
  async fund(
    @Param() { account_id }: LedgerAccountParams,
    @Body() funding: FundLedgerAccountDto,
  ): Promise<LedgerFundingDto> {
    const { data } = await this.commands.apply({
      type: 'ledger.fund-account.v1',
      data: { accountId: account_id, ...funding },
    });
    const { asset, amount, reference, entryId } = data;
    return { account_id, asset, amount, reference, entry_id: entryId };
  }

  @Post(':account_id/freezes')
  @Requires('administer', 'operate')
  @ApiOperation({
    summary:
      'Freezes an account; several freezes are kept apart by their ids, and one that was lifted does not come back',
  })
  @Answers(FreezeDto)
  @Refuses({ 404: UNKNOWN })
  async freeze(
    @Param() { account_id }: LedgerAccountParams,
    @Body() { freeze_id: freezeId, reason }: FreezeAccountDto,
  ): Promise<FreezeDto> {
    const { data } = await this.commands.apply({
      type: 'ledger.freeze-account.v1',
      data: { accountId: account_id, freezeId, reason },
    });
    return { account_id, freeze_id: data.freezeId };
  }

  @Post(':account_id/freezes/:freeze_id/lift')
  @Requires('administer', 'operate')
  @ApiOperation({ summary: 'Lifts one freeze' })
  @Answers(FreezeDto)
  @Refuses({ 404: 'no such account or freeze' })
  async unfreeze(@Param() { account_id, freeze_id }: FreezeParams): Promise<FreezeDto> {
    const { data } = await this.commands.apply({
      type: 'ledger.unfreeze-account.v1',
      data: { accountId: account_id, freezeId: freeze_id },
    });
    return { account_id, freeze_id: data.freezeId };
  }
}
