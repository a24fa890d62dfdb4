import {
  foldedName,
  isObject,
  ok,
  refuse,
  wireDecimal,
  wireText,
  type Result,
} from '@sluice/kernel';
import { Inject, Injectable } from '@nestjs/common';
import { FreshAnswers } from '@sluice/connector-engine';
import { processTime } from '@sluice/runtime';
import { GateioClient } from './gateio.client.js';

/** Withdrawal fee of a chain and the time of reading, kept as evidence. */
interface FeeQuote {
  readonly fee: string;
  readonly readAt: Date;
}

interface Sheet {
  readonly readAt: Date;
  readonly fees: ReadonlyMap<string, string>;
}

const FRESH_MS = 300_000;

/** Fees per currency and chain from GET /wallet/withdraw_status. A refusal is the cause, in words. */
@Injectable()
export class GateioFees {
  private readonly sheets = new FreshAnswers<string, Sheet, string>(FRESH_MS);

  constructor(
    @Inject(GateioClient) private readonly client: Pick<GateioClient, 'withdrawStatus'>,
  ) {}

  async quote(currency: string, chain: string): Promise<Result<FeeQuote, string>> {
    const sheet = await this.sheets.of(currency, () => this.ask(currency));
    if (!sheet.ok) return sheet;
    const fee = sheet.value.fees.get(chain);
    return fee === undefined
      ? refuse(`Gate names no plain fee for ${currency} on ${chain}`)
      : ok({ fee, readAt: sheet.value.readAt });
  }

  private async ask(currency: string): Promise<Result<Sheet, string>> {
    const answer = await this.client.withdrawStatus(currency);
    if (answer.kind !== 'answer' || answer.status !== 200 || !Array.isArray(answer.json))
      return refuse(`the fees of ${currency} cannot be read`);
    const row: unknown = answer.json.find(
      (one: unknown) => isObject(one) && foldedName(wireText(one['currency'])) === currency,
    );
    return isObject(row)
      ? ok({ readAt: processTime(), fees: plainFees(row) })
      : refuse(`Gate lists no fees of ${currency}`);
  }
}

/** Only chains with a fixed fee and no percentage: how Gate would add the two up is not documented. The map has been null before. */
function plainFees(row: Readonly<Record<string, unknown>>): Map<string, string> {
  const fixed = row['withdraw_fix_on_chains'];
  const percent = row['withdraw_percent_on_chains'];
  const fees = new Map<string, string>();
  if (!isObject(fixed)) return fees;
  for (const [chain, value] of Object.entries(fixed)) {
    const share = isObject(percent) ? percent[chain] : undefined;
    const fee = wireDecimal(value);
    if (
      fee !== null &&
      (share === undefined || share === null || /^0(\.0+)?%$/.test(String(share)))
    )
      fees.set(foldedName(chain), fee);
  }
  return fees;
}
