import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { customerAccount } from '@sluice/ledger-core';
import { TIME_KINDS } from '../postgres/balances-at.js';
import { LedgerQueries } from '../postgres/ledger-queries.js';
import type { BalanceView, StatementLine } from '../postgres/views.js';
import {
  failure,
  successOrGone,
  success,
  uuidParam,
  type Page,
  type Success,
} from '../admin/responses.js';
import { AdminCommands } from '../commands/admin-commands.js';
import { encodeCursor, decodeCursor } from './statement-cursor.js';
import { limitParam, oneOf, timeParam } from '../admin/query-params.js';

@Controller('internal/accounts')
export class AccountsController {
  constructor(
    @Inject(LedgerQueries) private readonly queries: LedgerQueries,
    @Inject(AdminCommands) private readonly commands: AdminCommands,
  ) {}

  /** Opening an account again under the same name changes nothing. */
  @Post()
  @HttpCode(200)
  async open(@Body() body: unknown): Promise<Success<object>> {
    const { account_id: accountId, name } = fieldsOf(body);
    const event = await this.commands.apply('ledger.open-account.v1', { accountId, name });
    return success({ account_id: event.data.accountId, name: event.data.name });
  }

  /** One reference funds an account once; asked again it answers the first entry. */
  @Post(':accountId/fundings')
  @HttpCode(200)
  async fund(@Param('accountId') id: string, @Body() body: unknown): Promise<Success<object>> {
    const accountId = uuidParam(id, 'account_id');
    const { asset, amount, reference } = fieldsOf(body);
    const { data } = await this.commands.apply('ledger.fund-account.v1', {
      accountId,
      asset,
      amount,
      reference,
    });
    return success({
      account_id: accountId,
      asset: data.asset,
      amount: data.amount,
      reference: data.reference,
      entry_id: data.entryId,
    });
  }

  /** Several freezes of one account are kept apart by their ids; one that was lifted does not come back. */
  @Post(':accountId/freezes')
  @HttpCode(200)
  async freeze(@Param('accountId') id: string, @Body() body: unknown): Promise<Success<object>> {
    const accountId = uuidParam(id, 'account_id');
    const { freeze_id: freezeId, reason } = fieldsOf(body);
    const { data } = await this.commands.apply('ledger.freeze-account.v1', {
      accountId,
      freezeId,
      reason,
    });
    return success({ account_id: accountId, freeze_id: data.freezeId });
  }

  @Post(':accountId/freezes/:freezeId/lift')
  @HttpCode(200)
  async unfreeze(
    @Param('accountId') id: string,
    @Param('freezeId') freezeId: string,
  ): Promise<Success<object>> {
    const accountId = uuidParam(id, 'account_id');
    const { data } = await this.commands.apply('ledger.unfreeze-account.v1', {
      accountId,
      freezeId,
    });
    return success({ account_id: accountId, freeze_id: data.freezeId });
  }

  /** One reference transfers once for an account; asked again it answers the first entry. */
  @Post(':accountId/transfers')
  @HttpCode(200)
  async transfer(@Param('accountId') id: string, @Body() body: unknown): Promise<Success<object>> {
    const accountId = uuidParam(id, 'account_id');
    const { from, to, asset, amount, reference } = fieldsOf(body);
    const { data } = await this.commands.apply('ledger.transfer-funds.v1', {
      accountId,
      from,
      to,
      asset,
      amount,
      reference,
    });
    const { accountId: account_id, entryId: entry_id, ...rest } = data;
    return success({ account_id, ...rest, entry_id });
  }

  /** The entry stays; a second one takes it back. Asked again it answers the first reversal. */
  @Post(':accountId/entries/:entryId/reversal')
  @HttpCode(200)
  async reverse(
    @Param('accountId') id: string,
    @Param('entryId') entry: string,
    @Body() body: unknown,
  ): Promise<Success<object>> {
    const [accountId, entryId] = [uuidParam(id, 'account_id'), uuidParam(entry, 'entry_id')];
    const { data } = await this.commands.apply('ledger.reverse-entry.v1', {
      accountId,
      entryId,
      reason: fieldsOf(body)['reason'],
    });
    return success({
      account_id: accountId,
      entry_id: data.entryId,
      reverses: data.reversedEntryId,
      reason: data.reason,
    });
  }

  @Get(':accountId/balances')
  async balances(
    @Param('accountId') id: string,
    @Query('currency') currency?: string,
    @Query('network') network?: string,
  ): Promise<Success<readonly BalanceView[]>> {
    const accountId = await this.known(id);
    return success(
      await this.queries.balances(accountId, {
        ...(currency && { currency }),
        ...(network && { network }),
      }),
    );
  }

  /** What it had at a past moment, by the time of booking or by the time of effect. */
  @Get(':accountId/balances/at/:time')
  async balancesAt(
    @Param('accountId') id: string,
    @Param('time') time: string,
    @Query('by') by = 'recorded',
  ): Promise<Success<readonly BalanceView[]>> {
    const [at, kind] = [timeParam(time, 'time'), oneOf(by, 'by', TIME_KINDS)];
    return successOrGone(
      await this.queries.balancesAt(customerAccount(await this.known(id)), at, kind),
    );
  }

  /** Newest first; `next_cursor` goes on where a page ended, whatever is booked meanwhile. */
  @Get(':accountId/statement')
  async statement(
    @Param('accountId') id: string,
    @Query('limit') limit?: string,
    @Query('cursor') cursor?: string,
  ): Promise<Page<StatementLine>> {
    const [lines, after] = [
      limitParam(limit),
      cursor === undefined ? undefined : decodeCursor(cursor),
    ];
    const page = await this.queries.statement(await this.known(id), lines, after);
    const last = page.length === lines ? page.at(-1) : undefined;
    return {
      ...success(page),
      next_cursor: last
        ? encodeCursor({ recordedAt: last.recorded_at, entryId: last.entry_id })
        : null,
    };
  }

  private async known(id: string): Promise<string> {
    const accountId = uuidParam(id, 'account_id');
    if (!(await this.queries.accountExists(accountId))) throw failure(404, 'Account not found');
    return accountId;
  }
}

function fieldsOf(body: unknown): Record<string, unknown> {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw failure(400, 'The body must be a JSON object');
  return body as Record<string, unknown>;
}
