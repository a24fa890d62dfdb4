import { Get, Param, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  AdminController,
  Answers,
  AnswersList,
  AnswersPage,
  ApiError,
  BalancesAtParams,
  BalancesAtQuery,
  BalancesQuery,
  HouseAccountDto,
  HouseAccountParams,
  HouseBalancesAtParams,
  HouseBalancesDto,
  LedgerAccountParams,
  LedgerBalanceDto,
  PageOf,
  Refuses,
  Requires,
  ROLES,
  StatementLineDto,
  StatementQuery,
} from '@sluice/http-api';
import type { Result } from '@sluice/kernel';
import { chartAccount, customerAccount, customerOf } from '@sluice/ledger-core';
import {
  type BeforeCheckpoint,
  LedgerQueries,
  type StatementCursor,
} from '../postgres/ledger-queries.js';

const UNKNOWN = 'no such account';

/** Balances and statements of customers' accounts. */
@AdminController('accounts')
export class BalancesController {
  constructor(private readonly queries: LedgerQueries) {}

  @Get(':account_id/balances')
  @Requires(...ROLES, 'service:intake-api')
  @ApiOperation({ summary: 'Balances now, all or of one currency and network' })
  @AnswersList(LedgerBalanceDto)
  @Refuses({ 404: UNKNOWN })
  async balances(
    @Param() { account_id }: LedgerAccountParams,
    @Query() filter: BalancesQuery,
  ): Promise<LedgerBalanceDto[]> {
    await this.requireAccount(account_id);
    return this.queries.balances(account_id, filter);
  }

  @Get(':account_id/balances/at/:time')
  @Requires(...ROLES)
  @ApiOperation({ summary: 'Balances at a past moment, that moment included' })
  @AnswersList(LedgerBalanceDto)
  @Refuses({ 404: UNKNOWN, 410: 'the journal of that moment is detached' })
  async balancesAt(
    @Param() { account_id, time }: BalancesAtParams,
    @Query() { by = 'recorded' }: BalancesAtQuery,
  ): Promise<LedgerBalanceDto[]> {
    await this.requireAccount(account_id);
    return unlessDetached(await this.queries.balancesAt(customerAccount(account_id), time, by));
  }

  @Get(':account_id/statement')
  @Requires(...ROLES)
  @ApiOperation({
    summary:
      'What was posted to an account, newest first; `next_cursor` goes on where a page ended, whatever is booked meanwhile',
  })
  @AnswersPage(StatementLineDto)
  @Refuses({ 404: UNKNOWN })
  async statement(
    @Param() { account_id }: LedgerAccountParams,
    @Query() { limit = 50, cursor }: StatementQuery,
  ): Promise<PageOf<StatementLineDto>> {
    const after = cursor === undefined ? undefined : decodeCursor(cursor);
    await this.requireAccount(account_id);
    const lines = await this.queries.statement(account_id, limit, after);
    const last = lines.length === limit ? lines.at(-1) : undefined;
    const next = last && encodeCursor({ recordedAt: last.recorded_at, entryId: last.entry_id });
    return new PageOf(lines, next ?? null);
  }

  private async requireAccount(accountId: string): Promise<void> {
    if (!(await this.queries.accountExists(accountId)))
      throw ApiError.notFound('Account not found');
  }
}

const UNKNOWN_HOUSE_ACCOUNT = 'no shared account has this name';

/** The firm's own accounts, for example `clearing:<venue>`. The API calls them shared accounts. */
@AdminController('shared-accounts')
export class HouseAccountsController {
  constructor(private readonly queries: LedgerQueries) {}

  @Get()
  @Requires(...ROLES)
  @ApiOperation({ summary: 'The shared accounts on which something was booked' })
  @AnswersList(HouseAccountDto)
  async houseAccounts(): Promise<HouseAccountDto[]> {
    const accounts = await this.queries.sharedAccounts();
    return accounts.map((account) => ({ account }));
  }

  @Get(':account/balances')
  @Requires(...ROLES, 'service:intake-api')
  @ApiOperation({
    summary: 'Balances of a shared account now, exact, and how far its folded days are behind',
  })
  @Answers(HouseBalancesDto)
  @Refuses({ 404: UNKNOWN_HOUSE_ACCOUNT })
  houseBalances(@Param() { account }: HouseAccountParams): Promise<HouseBalancesDto> {
    return this.queries.sharedBalances(sharedAccount(account));
  }

  @Get(':account/balances/at/:time')
  @Requires(...ROLES)
  @ApiOperation({
    summary: 'Balances of a shared account at a past moment, folded from its postings',
  })
  @AnswersList(LedgerBalanceDto)
  @Refuses({ 404: UNKNOWN_HOUSE_ACCOUNT, 410: 'the journal of that moment is detached' })
  async houseBalancesAt(
    @Param() { account, time }: HouseBalancesAtParams,
    @Query() { by = 'recorded' }: BalancesAtQuery,
  ): Promise<LedgerBalanceDto[]> {
    return unlessDetached(await this.queries.balancesAt(sharedAccount(account), time, by));
  }
}

/** Throws 404 for a customer's account and for unknown accounts. */
function sharedAccount(name: string): string {
  const account = chartAccount(name);
  if (!account || customerOf(account) !== undefined)
    throw ApiError.notFound('No shared account has this name');
  return account;
}

const CURSOR =
  /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** Encodes a page position as an opaque string. The caller returns the string unchanged. */
function encodeCursor({ recordedAt, entryId }: StatementCursor): string {
  return Buffer.from(`${recordedAt} ${entryId}`).toString('base64url');
}

/** Throws 422 for text not produced by `encodeCursor`. */
function decodeCursor(cursor: string): StatementCursor {
  const [, recordedAt = '', entryId = ''] =
    CURSOR.exec(Buffer.from(cursor, 'base64url').toString('utf8')) ?? [];
  if (Number.isNaN(Date.parse(recordedAt)))
    throw ApiError.invalid(['cursor: Input should be the next_cursor of a page']);
  return { recordedAt, entryId };
}

/** Throws 410 for a moment before the newest checkpoint: the journal of this period is detached. */
function unlessDetached<T>(asked: Result<T, BeforeCheckpoint>): T {
  if (asked.ok) return asked.value;
  throw new ApiError(
    410,
    `The journal before ${asked.refusal.until} is detached: earlier balances of an account are not known here`,
  );
}
