import { setTimeout as sleep } from 'node:timers/promises';
import { Controller, Get, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { currencyOf, networkOf, type Asset } from '@sluice/money';
import type { Database } from '@sluice/postgres';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../http/api-error.js';
import { objectEnvelope, listEnvelope } from '../http/envelope.js';
import { LedgerClient, type LedgerAnswer } from '../accounts/ledger-client.js';
import { AccountStore } from '../accounts/account-store.js';
import type { ApiKeyEntity } from '../api-keys/api-key.entity.js';
import { KeyStore } from '../api-keys/key-store.js';
import { CurrencyEntity } from '../catalogue/currency.entity.js';
import { DATABASE } from '../tokens.js';
import { readFunding, readName, readNewKey } from './admin-bodies.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const LEDGER_CATCH_UP = { tries: 25, pauseMs: 200 };

/** Accounts, keys and fundings, for operators. */
@Controller('internal')
export class AccountsAdminController {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(AccountStore) private readonly accounts: AccountStore,
    @Inject(KeyStore) private readonly keys: KeyStore,
    @Inject(LedgerClient) private readonly ledger: LedgerClient,
  ) {}

  @Get('accounts')
  async list() {
    return listEnvelope(await this.accounts.list());
  }

  @Post('accounts')
  @HttpCode(200)
  async create(@Req() request: FastifyRequest) {
    const name = readName(request);
    return objectEnvelope({ account_id: await this.accounts.create(name), name });
  }

  @Get('accounts/:accountId/keys')
  async listKeys(@Param('accountId') accountId: string) {
    await this.mustExist(accountId);
    return listEnvelope((await this.keys.list(accountId)).map(keyShape));
  }

  @Post('accounts/:accountId/keys')
  @HttpCode(200)
  async createKey(@Param('accountId') accountId: string, @Req() request: FastifyRequest) {
    const newKey = readNewKey(request);
    await this.mustExist(accountId);
    const { keyId, secret } = await this.keys.create({ accountId, ...newKey });
    return objectEnvelope({
      key_id: keyId,
      secret,
      permissions: newKey.permissions,
      rate_limit_per_min: newKey.rateLimit,
      allowed_ips: newKey.allowedIps,
    });
  }

  @Post('keys/:keyId/revoke')
  @HttpCode(200)
  async revoke(@Param('keyId') keyId: string) {
    if (!(await this.keys.revoke(keyId))) throw ApiError.notFound('API key not found');
    return objectEnvelope({ key_id: keyId, revoked: true });
  }

  @Post('accounts/:accountId/fundings')
  async fund(
    @Param('accountId') accountId: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const funding = readFunding(request);
    await this.mustExist(accountId);
    await this.mustBeKnown(funding.asset);
    const answer = await this.fundWhenOpened(accountId, funding);
    void reply.code(answer.status);
    return answer.body;
  }

  @Get('accounts/:accountId/balances')
  async balances(@Param('accountId') accountId: string) {
    await this.mustExist(accountId);
    const rows = await this.ledger.balances(accountId);
    return listEnvelope(
      rows.map((row) => ({
        currency: row.currency,
        network: row.network,
        balance: row.posted,
        held: row.held,
        available: row.available,
      })),
    );
  }

  /** The ledger opens accounts by command: one that was created a moment ago may not have arrived there yet. */
  private async fundWhenOpened(
    accountId: string,
    funding: Parameters<LedgerClient['fund']>[1],
  ): Promise<LedgerAnswer> {
    for (let attempt = 1; ; attempt++) {
      const answer = await this.ledger.fund(accountId, funding);
      if (answer.status !== 404 || attempt === LEDGER_CATCH_UP.tries) return answer;
      await sleep(LEDGER_CATCH_UP.pauseMs);
    }
  }

  /** The ledger books any asset that it is given: a mistyped code would become a balance that nothing can pay out. */
  private async mustBeKnown(asset: Asset): Promise<void> {
    const [currency, network] = [currencyOf(asset), networkOf(asset)];
    if (!(await this.database.repository(CurrencyEntity).exists({ where: { currency, network } })))
      throw ApiError.invalid([`currency: There is no ${currency} on ${network}`]);
  }

  private async mustExist(accountId: string): Promise<void> {
    if (!UUID.test(accountId) || !(await this.accounts.exists(accountId)))
      throw ApiError.notFound('Account not found');
  }
}

function keyShape(key: ApiKeyEntity) {
  return {
    key_id: key.keyId,
    label: key.label,
    permissions: key.permissions,
    rate_limit_per_min: key.rateLimitPerMin,
    allowed_ips: key.allowedIps,
    created_at: key.createdAt,
    revoked_at: key.revokedAt,
  };
}
