import { Body, Get, Post } from '@nestjs/common';
import {
  AccountRowDto,
  AdminController,
  CreateAccountDto,
  CreatedAccountDto,
  Requires,
  ROLES,
} from '@sluice/admin-api';
import { Answers, AnswersList } from '@sluice/http-api';
import { AccountStore } from './account-store.js';

@AdminController('accounts')
export class AccountsController {
  constructor(private readonly accounts: AccountStore) {}

  /** Oldest first. */
  @Get()
  @Requires(...ROLES)
  @AnswersList(AccountRowDto)
  async list(): Promise<AccountRowDto[]> {
    const rows = await this.accounts.list();
    return rows.map((row) => ({ ...row, created_at: row.created_at.toISOString() }));
  }

  /** Opens an account here and, by command, in the ledger; every active currency is enabled for it. */
  @Post()
  @Requires('administer')
  @Answers(CreatedAccountDto)
  async create(@Body() { name }: CreateAccountDto): Promise<CreatedAccountDto> {
    return { account_id: await this.accounts.create(name), name };
  }
}
