import { Body, Get, Param, Post, Put } from '@nestjs/common';
import {
  AccountParams,
  AccountRowDto,
  AccountSettingsDto,
  AdminController,
  Answers,
  AnswersList,
  CreateAccountDto,
  CreatedAccountDto,
  Requires,
  ROLES,
} from '@sluice/http-api';
import { AccountStore } from './account-store.js';

@AdminController('accounts')
export class AccountsController {
  constructor(private readonly store: AccountStore) {}

  /** Oldest first. */
  @Get()
  @Requires(...ROLES)
  @AnswersList(AccountRowDto)
  async accounts(): Promise<AccountRowDto[]> {
    const rows = await this.store.list();
    return rows.map((row) => ({ ...row, created_at: row.created_at.toISOString() }));
  }

  /** Opens an account locally and, by command, in the ledger; every active currency is enabled. */
  @Post()
  @Requires('administer')
  @Answers(CreatedAccountDto)
  async createAccount(
    @Body() { name, keys_share_references, requires_reference }: CreateAccountDto,
  ): Promise<CreatedAccountDto> {
    const settings = {
      keys_share_references: keys_share_references ?? false,
      requires_reference: requires_reference ?? false,
    };
    const account_id = await this.store.create({
      name,
      keysShareReferences: settings.keys_share_references,
      requiresReference: settings.requires_reference,
    });
    return { account_id, name, ...settings };
  }

  /**
   * Only `requires_reference` can change. `keys_share_references` is fixed at creation, because a
   * change would alter the meaning of earlier requests.
   */
  @Put(':account_id/settings')
  @Requires('administer')
  @Answers(AccountSettingsDto)
  async setAccount(
    @Param() { account_id }: AccountParams,
    @Body() { requires_reference }: AccountSettingsDto,
  ): Promise<AccountSettingsDto> {
    await this.store.mustExist(account_id);
    await this.store.requireReference(account_id, requires_reference);
    return { requires_reference };
  }
}
