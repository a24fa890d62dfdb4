import { type Asset, foldedName, isObject, wireDecimal, wireText } from '@sluice/kernel';
import { Inject, Injectable } from '@nestjs/common';
import { monotonicMs, processTime } from '@sluice/runtime';
import { describe } from './bitmart.answers.js';
import { dataOf, BitmartClient } from './bitmart.client.js';

/** BitMart's id for an asset and the fee of a withdrawal: evidence for the amount sent. */
export interface WithdrawTerms {
  readonly id: string;
  readonly fee: string;
  /** Time of the read, for later review of the evidence. */
  readonly readAt: Date;
}

type TermsAnswer =
  | { kind: 'terms'; terms: WithdrawTerms }
  | { kind: 'not_listed'; cause: string }
  | { kind: 'unavailable'; cause: string };

const FRESH_MS = 300_000;

/**
 * Ids and fees, cached for five minutes, one read per asset at a time. Closed withdrawals are
 * reported by the answer to a submit.
 */
@Injectable()
export class BitmartTerms {
  private readonly known = new Map<
    Asset,
    { readonly terms: WithdrawTerms; readonly readAtMs: number }
  >();
  private readonly asking = new Map<Asset, Promise<TermsAnswer>>();

  constructor(
    @Inject(BitmartClient) private readonly client: Pick<BitmartClient, 'currencies' | 'charge'>,
  ) {}

  /** `ids`: BitMart's ids for this asset, preferred id first. */
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
      .map(
        (id) =>
          rows.find(
            (one: unknown) =>
              isObject(one) && foldedName(wireText(one['currency'])) === foldedName(id),
          ) as unknown,
      )
      .find(isObject);
    if (!row) return { kind: 'not_listed', cause: `BitMart lists none of ${ids.join(', ')}` };
    const id = String(row['currency']);
    const charged = await this.client.charge(id);
    const fee = wireDecimal(dataOf(charged)?.['withdraw_fee']);
    if (fee === null)
      return {
        kind: 'unavailable',
        cause: `the fee of ${id} cannot be read (${describe(charged)})`,
      };
    const terms = { id, fee, readAt: processTime() };
    this.known.set(asset, { terms, readAtMs: monotonicMs() });
    return { kind: 'terms', terms };
  }
}
