import { Controller, Get, Inject, Query, Req } from '@nestjs/common';
import { LedgerClient } from './ledger-client.js';
import { Needs, type AuthenticatedRequest } from './authentication.guard.js';
import { single, whole } from './envelope.js';

/** What a key can ask about itself and its account. */
@Controller('v1')
export class AccountController {
  constructor(@Inject(LedgerClient) private readonly ledger: LedgerClient) {}

  @Get('_ping')
  @Needs(null)
  ping() {
    return single({ pong: true });
  }

  /** Both filters ignore case; the signature is over the letters that were sent. */
  @Get('balances')
  @Needs('read_balance')
  async balances(@Req() request: AuthenticatedRequest, @Query('currency') currency?: string, @Query('network') network?: string) {
    const rows = await this.ledger.balances(request.apiKey.accountId, {
      ...(currency && { currency: currency.toUpperCase() }),
      ...(network && { network: network.toUpperCase() }),
    });
    return whole(
      rows.map((row) => ({ currency: row.currency, network: row.network, balance: row.posted, held: row.held, available: row.available })),
    );
  }
}
