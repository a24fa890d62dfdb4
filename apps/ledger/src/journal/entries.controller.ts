import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { chartAccount, customerOf, HOLD_STATES } from '@sluice/ledger-core';
import { TIME_KINDS } from '../postgres/balances-at.js';
import { LedgerQueries } from '../postgres/ledger-queries.js';
import {
  type BalanceView,
  type EntryView,
  type HoldView,
  type SharedView,
} from '../postgres/views.js';
import {
  failure,
  successOrGone,
  success,
  uuidParam,
  type Page,
  type Success,
} from '../admin/responses.js';
import { limitParam, oneOf, timeParam } from '../admin/query-params.js';

/** Questions that are not about one customer. */
@Controller('internal')
export class JournalController {
  constructor(@Inject(LedgerQueries) private readonly queries: LedgerQueries) {}

  @Get('entries/:entryId')
  async entry(@Param('entryId') id: string): Promise<Success<EntryView>> {
    const entry = await this.queries.entry(uuidParam(id, 'entry_id'));
    if (!entry) throw failure(404, 'Entry not found');
    return success(entry);
  }

  /** Newest first; the last withdrawal of a page is the cursor of the next. */
  @Get('holds')
  async holds(
    @Query('state') state?: string,
    @Query('account_id') account?: string,
    @Query('limit') limit?: string,
    @Query('cursor') cursor?: string,
  ): Promise<Page<HoldView>> {
    const most = limitParam(limit);
    const page = await this.queries.holds(oneOf(state, 'state', HOLD_STATES), most, {
      ...(account !== undefined && { accountId: uuidParam(account, 'account_id') }),
      ...(cursor !== undefined && { after: uuidParam(cursor, 'cursor') }),
    });
    return {
      ...success(page),
      next_cursor: page.length === most ? (page.at(-1)?.withdrawal_id ?? null) : null,
    };
  }

  /** A shared account such as `clearing:gateio`, at this moment. */
  @Get('shared-accounts/:account/balances')
  async sharedBalancesNow(@Param('account') name: string): Promise<Success<SharedView>> {
    return success(await this.queries.sharedBalances(sharedAccount(name)));
  }

  /** A shared account such as `clearing:gateio`, folded from its postings up to a moment. */
  @Get('shared-accounts/:account/balances/at/:time')
  async sharedBalances(
    @Param('account') name: string,
    @Param('time') time: string,
    @Query('by') by = 'recorded',
  ): Promise<Success<readonly BalanceView[]>> {
    return successOrGone(
      await this.queries.balancesAt(
        sharedAccount(name),
        timeParam(time, 'time'),
        oneOf(by, 'by', TIME_KINDS),
      ),
    );
  }
}

/** Throws 404 for a customer's account, and for what is not in the chart. */
function sharedAccount(name: string): string {
  const account = chartAccount(name);
  if (!account || customerOf(account) !== undefined)
    throw failure(404, 'No shared account has this name');
  return account;
}
