import { Controller, Get, Inject, Query, Req } from '@nestjs/common';
import { ApiError } from '../http/api-error.js';
import { LedgerClient } from './ledger-client.js';
import { RequiresPermission, type AuthenticatedRequest } from '../api-keys/authentication.guard.js';
import { objectEnvelope, listEnvelope } from '../http/envelope.js';
import { optionalText } from '../withdrawals/withdrawal-body.js';

const CODE_LENGTH = { min: 0, max: 32 };

/** What a key can ask about itself and its account. */
@Controller('v1')
export class AccountController {
  constructor(@Inject(LedgerClient) private readonly ledger: LedgerClient) {}

  @Get('_ping')
  @RequiresPermission(null)
  ping() {
    return objectEnvelope({ pong: true });
  }

  /** Both filters ignore case; the signature is over the letters that were sent. */
  @Get('balances')
  @RequiresPermission('read_balance')
  async balances(
    @Req() request: AuthenticatedRequest,
    @Query() query: Readonly<Record<string, unknown>>,
  ) {
    const rows = await this.ledger.balances(request.apiKey.accountId, balanceFilter(query));
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
}

function balanceFilter(query: Readonly<Record<string, unknown>>): {
  currency?: string;
  network?: string;
} {
  const fields = [
    optionalText(query, 'currency', CODE_LENGTH),
    optionalText(query, 'network', CODE_LENGTH),
  ] as const;
  const faults = fields.flatMap((field) => (field.ok ? [] : [field.refusal]));
  if (faults.length > 0) throw ApiError.invalid(faults);
  const [currency, network] = fields.map((field) =>
    field.ok ? field.value?.toUpperCase() : undefined,
  );
  return { ...(currency && { currency }), ...(network && { network }) };
}
