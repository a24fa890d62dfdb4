import { isObject } from '@sluice/exact-json';
import { Inject, Injectable } from '@nestjs/common';
import { monotonicMs, processTime } from '@sluice/clock';
import { isDecimalText, type Asset } from '@sluice/money';
import { describe } from './bitmart.answers.js';
import { dataOf, BitmartClient } from './bitmart.client.js';

/** BitMart's id for an asset and what a withdrawal costs: evidence of why the amount sent is what it is. */
export interface Terms {
  readonly id: string;
  readonly fee: string;
  /** For whoever looks at the evidence later. */
  readonly readAt: Date;
}

export type TermsAnswer =
  | { kind: 'terms'; terms: Terms }
  | { kind: 'not_listed'; cause: string }
  | { kind: 'unavailable'; cause: string };

const FRESH_MS = 300_000;

/** Whether withdrawals are open is left to the venue, which says so in its own answer. Ids and fees from GET /account/v1/currencies and GET /account/v1/withdraw/charge, kept for five minutes; one question at a time per asset. */
@Injectable()
export class BitmartTerms {
  private readonly known = new Map<Asset, { readonly terms: Terms; readonly readAtMs: number }>();
  private readonly asking = new Map<Asset, Promise<TermsAnswer>>();

  constructor(
    @Inject(BitmartClient) private readonly client: Pick<BitmartClient, 'currencies' | 'charge'>,
  ) {}

  /** `ids`: BitMart's for this asset, the one to be used first. */
  async of(asset: Asset, ids: readonly string[]): Promise<TermsAnswer> {
    const known = this.known.get(asset);
    if (known && monotonicMs() - known.readAtMs < FRESH_MS)
      return { kind: 'terms', terms: known.terms };
    const asked =
      this.asking.get(asset) ?? this.ask(asset, ids).finally(() => this.asking.delete(asset));
    this.asking.set(asset, asked);
    return asked;
  }

  private async ask(asset: Asset, ids: readonly string[]): Promise<TermsAnswer> {
    const listed = await this.client.currencies(ids);
    const rows = dataOf(listed)?.['currencies'];
    if (!Array.isArray(rows))
      return { kind: 'unavailable', cause: `the currencies cannot be read (${describe(listed)})` };
    const row = ids
      .map((id) => rows.find((one: unknown) => isObject(one) && one['currency'] === id) as unknown)
      .find(isObject);
    if (!row) return { kind: 'not_listed', cause: `BitMart lists none of ${ids.join(', ')}` };
    const id = String(row['currency']);
    const charged = await this.client.charge(id);
    const fee = dataOf(charged)?.['withdraw_fee'];
    if (!isDecimalText(fee))
      return {
        kind: 'unavailable',
        cause: `the fee of ${id} cannot be read (${describe(charged)})`,
      };
    const terms = { id, fee, readAt: processTime() };
    this.known.set(asset, { terms, readAtMs: monotonicMs() });
    return { kind: 'terms', terms };
  }
}
