import { Get, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { AnswersList } from '@sluice/http-api';
import { Caller, RequiresPermission } from '../api-keys/authenticated-request.js';
import type { ApiKey } from '../api-keys/key-store.js';
import { PublicController } from '../api-keys/public-controller.js';
import { BalanceDto, AccountBalancesQuery, shownBalance } from './balance.dto.js';
import { LedgerClient } from '../other-services/ledger-client.js';

@PublicController('v1/balances')
export class BalancesController {
  constructor(private readonly ledger: LedgerClient) {}

  @Get()
  @RequiresPermission('read_balance')
  @ApiOperation({ operationId: 'listBalances', summary: 'List the balances of the account' })
  @AnswersList(BalanceDto)
  async list(
    @Caller() { accountId }: ApiKey,
    @Query() { currency, network }: AccountBalancesQuery,
  ): Promise<BalanceDto[]> {
    const filter = { ...(currency && { currency }), ...(network && { network }) };
    return (await this.ledger.balances(accountId, filter)).map(shownBalance);
  }
}
