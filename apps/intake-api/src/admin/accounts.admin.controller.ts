import { randomUUIDv7 } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Controller, Get, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { currencyOf, networkOf, type Asset } from '@sluice/money';
import type { Database, UnitOfWork } from '@sluice/postgres';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../http/api-error.js';
import { objectEnvelope, listEnvelope } from '../http/envelope.js';
import { LedgerClient, type LedgerAnswer } from '../accounts/ledger-client.js';
import { openAccountMessage } from '../withdrawals/wire.js';
import { KeyStore } from '../api-keys/key-store.js';
import { DATABASE, UNIT_OF_WORK } from '../tokens.js';
import { readFunding, readName, readNewKey } from './admin-bodies.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const LEDGER_CATCH_UP = { tries: 25, pauseMs: 200 };

/** Accounts, keys and fundings, for operators. */
@Controller('internal')
export class AccountsAdminController {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(UNIT_OF_WORK) private readonly unitOfWork: UnitOfWork,
    @Inject(KeyStore) private readonly keys: KeyStore,
    @Inject(LedgerClient) private readonly ledger: LedgerClient,
  ) {}

  @Get('accounts')
  async list() {
    return listEnvelope(
      await this.database.query(
        `SELECT a.id AS account_id, a.name, a.created_at, count(k.key_id) FILTER (WHERE k.revoked_at IS NULL)::int AS keys
           FROM account a LEFT JOIN api_key k ON k.account_id = a.id GROUP BY a.id ORDER BY a.created_at`,
      ),
    );
  }

  /** Opens an account here and, by command, in the ledger; every active currency is enabled for it. */
  @Post('accounts')
  @HttpCode(200)
  async create(@Req() request: FastifyRequest) {
    const name = readName(request);
    const accountId = randomUUIDv7();
    await this.unitOfWork.run(async (tx) => {
      void tx.query('INSERT INTO account (id, name) VALUES ($1, $2)', [accountId, name]);
      void tx.query(
        'INSERT INTO account_currency (account_id, currency, network) SELECT $1, currency, network FROM currency WHERE active',
        [accountId],
      );
      tx.publish(openAccountMessage(accountId, name, await tx.now()));
    });
    return objectEnvelope({ account_id: accountId, name });
  }

  @Get('accounts/:accountId/keys')
  async listKeys(@Param('accountId') accountId: string) {
    await this.mustExist(accountId);
    return listEnvelope(
      await this.database.query(
        'SELECT key_id, label, permissions, rate_limit_per_min, allowed_ips, created_at, revoked_at FROM api_key WHERE account_id = $1 ORDER BY created_at',
        [accountId],
      ),
    );
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
    const rows = await this.database.query(
      'SELECT FROM currency WHERE (currency, network) = ($1, $2)',
      [currencyOf(asset), networkOf(asset)],
    );
    if (rows.length === 0)
      throw ApiError.invalid([`currency: There is no ${currencyOf(asset)} on ${networkOf(asset)}`]);
  }

  private async mustExist(accountId: string): Promise<void> {
    const rows = UUID.test(accountId)
      ? await this.database.query('SELECT id FROM account WHERE id = $1', [accountId])
      : [];
    if (rows.length === 0) throw ApiError.notFound('Account not found');
  }
}
