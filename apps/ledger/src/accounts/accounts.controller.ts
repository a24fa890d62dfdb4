import { Body, Get, Injectable, Param, Post } from '@nestjs/common';
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
  FreezeAccountDto,
  FreezeDto,
  FreezeInForceDto,
  FreezeParams,
  FundLedgerAccountDto,
  LedgerAccountDto,
  LedgerAccountParams,
  LedgerFundingDto,
  MayAwait,
  OpenLedgerAccountDto,
  Refuses,
  Requires,
  ROLES,
} from '@sluice/http-api';
import { Database } from '@sluice/postgres';
import { AdminCommands } from '../commands/admin-commands.js';
import { MoneyOrders } from '../money-orders/money-orders.js';

interface StoredFreezeRow {
  readonly account_id: string;
  readonly freeze_id: string;
  readonly reason: string;
  readonly frozen_at: Date;
}

/** Account freezes in force, with their reasons. */
@Injectable()
export class Freezes {
  constructor(private readonly database: Database) {}

  /** Returns the freezes in force of all accounts, oldest first. */
  async inForce(): Promise<FreezeInForceDto[]> {
    const rows = await this.database.query<StoredFreezeRow>(
      `SELECT account_id, freeze_id, reason, frozen_at FROM account_freeze WHERE lifted_at IS NULL ORDER BY frozen_at, account_id, freeze_id`,
    );
    return rows.map((row) => ({ ...row, frozen_at: row.frozen_at.toISOString() }));
  }

  async isInForce(accountId: string, freezeId: string): Promise<boolean> {
    const rows = await this.database.query(
      `SELECT FROM account_freeze WHERE account_id = $1 AND freeze_id = $2 AND lifted_at IS NULL`,
      [accountId, freezeId],
    );
    return rows.length > 0;
  }
}

const UNKNOWN = 'no such account';

@AdminController('accounts')
export class AccountsController {
  constructor(
    private readonly commands: AdminCommands,
    private readonly orders: MoneyOrders,
    private readonly freezes: Freezes,
  ) {}

  @Post()
  @Requires('administer')
  @ApiOperation({ summary: 'Opens an account; again under the same name it changes nothing' })
  @Answers(LedgerAccountDto)
  @Refuses({ 409: 'the account id was opened under another name' })
  async openAccount(
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
      'Credits money that arrived from outside; a repeat with the same reference returns the first entry',
  })
  @Answers(LedgerFundingDto)
  @MayAwait()
  @Refuses({
    404: UNKNOWN,
    409: 'the reference was used for something else',
    422: 'the amount is zero',
  })
  async fund(
    @Param() { account_id }: LedgerAccountParams,
    @Body()
    { evidence, effective_at: effectiveAt, ...funding }: FundLedgerAccountDto,
    @CallerOf() caller: Caller,
  ): Promise<LedgerFundingDto | Accepted<AwaitedDto>> {
    const data = { accountId: account_id, ...funding, ...(effectiveAt && { effectiveAt }) };
    const shown = evidence ?? funding.reference;
    const wish = { type: 'ledger.fund-account.v1', data, evidence: shown } as const;
    return acceptedWhenAwaited(await this.orders.place(wish, caller));
  }

  @Post(':account_id/freezes')
  @Requires('administer', 'operate')
  @ApiOperation({
    summary: 'Freezes an account; each freeze has its own id, and a lifted freeze does not return',
  })
  @Answers(FreezeDto)
  @Refuses({ 404: UNKNOWN, 409: 'a freeze of this id was lifted' })
  async freeze(
    @Param() { account_id }: LedgerAccountParams,
    @Body() { freeze_id: freezeId, reason }: FreezeAccountDto,
  ): Promise<FreezeDto> {
    const { data } = await this.commands.apply({
      type: 'ledger.freeze-account.v1',
      data: { accountId: account_id, freezeId, reason },
    });
    if (!(await this.freezes.isInForce(account_id, freezeId)))
      throw ApiError.conflict(
        'A freeze of this id was lifted and does not come back: take another',
      );
    return { account_id, freeze_id: data.freezeId };
  }

  @Post(':account_id/freezes/:freeze_id/lift')
  @Requires('administer', 'operate')
  @ApiOperation({ summary: 'Lifts one freeze' })
  @Answers(FreezeDto)
  @Refuses({ 404: 'no such account or freeze' })
  async liftFreeze(@Param() { account_id, freeze_id }: FreezeParams): Promise<FreezeDto> {
    const { data } = await this.commands.apply({
      type: 'ledger.unfreeze-account.v1',
      data: { accountId: account_id, freezeId: freeze_id },
    });
    return { account_id, freeze_id: data.freezeId };
  }
}

@AdminController('freezes')
export class FreezesController {
  constructor(private readonly store: Freezes) {}

  @Get()
  @Requires(...ROLES)
  @ApiOperation({ summary: 'Freezes that are in force, of all accounts, oldest first' })
  @AnswersList(FreezeInForceDto)
  freezes(): Promise<FreezeInForceDto[]> {
    return this.store.inForce();
  }
}
