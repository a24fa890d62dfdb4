import {
  type Asset,
  foldedName,
  isObject,
  ok,
  refuse,
  type Result,
  wireDecimal,
  wireText,
} from '@sluice/kernel';
import { Inject, Injectable } from '@nestjs/common';
import { FreshAnswers } from '@sluice/connector-engine';
import { processTime } from '@sluice/runtime';
import { describe } from './bitmart.answers.js';
import { dataOf, BitmartClient } from './bitmart.client.js';

/** BitMart's id for an asset and the fee of a withdrawal: evidence for the amount sent. */
export interface WithdrawTerms {
  readonly id: string;
  readonly fee: string;
  /** Time of the read, for later review of the evidence. */
  readonly readAt: Date;
}

/** `not_listed`: BitMart has no such asset. `unavailable`: asked again later. */
interface NoTerms {
  readonly kind: 'not_listed' | 'unavailable';
  readonly cause: string;
}

type TermsAnswer = Result<WithdrawTerms, NoTerms>;

const FRESH_MS = 300_000;

/** Ids and fees. Closed withdrawals are reported by the answer to a submit. */
@Injectable()
export class BitmartTerms {
  private readonly known = new FreshAnswers<Asset, WithdrawTerms, NoTerms>(FRESH_MS);

  constructor(
    @Inject(BitmartClient) private readonly client: Pick<BitmartClient, 'currencies' | 'charge'>,
  ) {}

  /** `ids`: BitMart's ids for this asset, preferred id first. */
  of(asset: Asset, ids: readonly string[]): Promise<TermsAnswer> {
    return this.known.of(asset, () => this.ask(ids));
  }

  private async ask(ids: readonly string[]): Promise<TermsAnswer> {
    const listed = await this.client.currencies(ids);
    const rows = dataOf(listed)?.['currencies'];
    if (!Array.isArray(rows)) return unread(`the currencies cannot be read (${describe(listed)})`);
    const row = ids
      .map(
        (id) =>
          rows.find(
            (one: unknown) =>
              isObject(one) && foldedName(wireText(one['currency'])) === foldedName(id),
          ) as unknown,
      )
      .find(isObject);
    if (!row)
      return refuse({ kind: 'not_listed', cause: `BitMart lists none of ${ids.join(', ')}` });
    const id = String(row['currency']);
    const charged = await this.client.charge(id);
    const fee = wireDecimal(dataOf(charged)?.['withdraw_fee']);
    return fee === null
      ? unread(`the fee of ${id} cannot be read (${describe(charged)})`)
      : ok({ id, fee, readAt: processTime() });
  }
}

function unread(cause: string): TermsAnswer {
  return refuse({ kind: 'unavailable', cause });
}
