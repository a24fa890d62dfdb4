import { Body, Get, Param, Post } from '@nestjs/common';
import {
  AccountParams,
  AdminController,
  ApiKeyDto,
  ApiKeyParams,
  CreateApiKeyDto,
  CreatedApiKeyDto,
  Requires,
  RevokedApiKeyDto,
  ROLES,
} from '@sluice/admin-api';
import { Answers, AnswersList, ApiError } from '@sluice/http-api';
import { AccountStore } from '../accounts/account-store.js';
import { KeyStore } from './key-store.js';

const DEFAULT_RATE_LIMIT = 60;

@AdminController('accounts/:account_id/keys')
export class AccountKeysController {
  constructor(
    private readonly accounts: AccountStore,
    private readonly keys: KeyStore,
  ) {}

  /** All of an account, revoked ones too; never their secrets. */
  @Get()
  @Requires(...ROLES)
  @AnswersList(ApiKeyDto)
  async list(@Param() { account_id }: AccountParams): Promise<ApiKeyDto[]> {
    await this.accounts.mustExist(account_id);
    return this.keys.list(account_id);
  }

  /** Its secret is answered here once and never again. */
  @Post()
  @Requires('administer')
  @Answers(CreatedApiKeyDto)
  async create(
    @Param() { account_id }: AccountParams,
    @Body() { label, permissions, rate_limit_per_min, allowed_ips }: CreateApiKeyDto,
  ): Promise<CreatedApiKeyDto> {
    await this.accounts.mustExist(account_id);
    const limits = {
      permissions: [...new Set(permissions)],
      rateLimit: rate_limit_per_min ?? DEFAULT_RATE_LIMIT,
      allowedIps: allowed_ips ?? [],
    };
    const { keyId, secret } = await this.keys.create({
      accountId: account_id,
      label: label ?? 'key',
      ...limits,
    });
    return {
      key_id: keyId,
      secret,
      permissions: limits.permissions,
      rate_limit_per_min: limits.rateLimit,
      allowed_ips: limits.allowedIps,
    };
  }
}

@AdminController('keys')
export class ApiKeysController {
  constructor(private readonly keys: KeyStore) {}

  /** For good. Revoking twice is fine. */
  @Post(':key_id/revoke')
  @Requires('administer')
  @Answers(RevokedApiKeyDto)
  async revoke(@Param() { key_id }: ApiKeyParams): Promise<RevokedApiKeyDto> {
    if (!(await this.keys.revoke(key_id))) throw ApiError.notFound('API key not found');
    return { key_id, revoked: true };
  }
}
