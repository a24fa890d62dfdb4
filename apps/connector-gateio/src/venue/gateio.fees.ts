import { foldedName, isObject, wireDecimal, wireText } from '@sluice/kernel';
import { Inject, Injectable } from '@nestjs/common';
import { monotonicMs, processTime } from '@sluice/runtime';
import { GateioClient } from './gateio.client.js';

/** Withdrawal fee of a chain and the time of reading, kept as evidence. */
interface FeeQuote {
  readonly fee: string;
  readonly readAt: Date;
}

type Quoted = { kind: 'quote'; quote: FeeQuote } | { kind: 'unavailable'; cause: string };

const FRESH_MS = 300_000;

interface Sheet {
  readonly readAt: Date;
  readonly readAtMs: number;
  readonly fees: ReadonlyMap<string, string>;
}

/** Fees per currency and chain from GET /wallet/withdraw_status, kept for five minutes; one question at a time per currency. */
@Injectable()
export class GateioFees {
  private readonly sheets = new Map<string, Sheet>();
  private readonly asking = new Map<string, Promise<Sheet | string>>();

  constructor(
    @Inject(GateioClient) private readonly client: Pick<GateioClient, 'withdrawStatus'>,
  ) {}

  async quote(currency: string, chain: string): Promise<Quoted> {
    const sheet = await this.sheetOf(currency);
    if (typeof sheet === 'string') return { kind: 'unavailable', cause: sheet };
    const fee = sheet.fees.get(chain);
    return fee === undefined
      ? { kind: 'unavailable', cause: `Gate names no plain fee for ${currency} on ${chain}` }
      : { kind: 'quote', quote: { fee, readAt: sheet.readAt } };
  }

  private async sheetOf(currency: string): Promise<Sheet | string> {
    const known = this.sheets.get(currency);
    if (known && monotonicMs() - known.readAtMs < FRESH_MS) return known;
    const asked =
      this.asking.get(currency) ?? this.ask(currency).finally(() => this.asking.delete(currency));
    this.asking.set(currency, asked);
    return asked;
  }

  private async ask(currency: string): Promise<Sheet | string> {
    const answer = await this.client.withdrawStatus(currency);
    if (answer.kind !== 'answer' || answer.status !== 200 || !Array.isArray(answer.json))
      return `the fees of ${currency} cannot be read`;
    const row: unknown = answer.json.find(
      (one: unknown) => isObject(one) && foldedName(wireText(one['currency'])) === currency,
    );
    if (!isObject(row)) return `Gate lists no fees of ${currency}`;
    const sheet = { readAt: processTime(), readAtMs: monotonicMs(), fees: plainFees(row) };
    this.sheets.set(currency, sheet);
    return sheet;
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
