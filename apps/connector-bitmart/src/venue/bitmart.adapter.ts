import { isObject } from '@sluice/kernel';
import { Injectable } from '@nestjs/common';
import { InjectCapabilities } from '@sluice/connector-engine';
import {
  balancesOf,
  notReady,
  readRows,
  refusedOrder,
  unavailable,
  type VenueBalances,
  type Listing,
  type ListingWindow,
  type LookupOutcome,
  type Preparation,
  type PreparedRequest,
  type SubmitOutcome,
  type VenueAdapter,
  type VenueCapabilities,
  type WithdrawalOrder,
  ruleFault,
} from '@sluice/connector-rules';
import { InjectConfig } from '@sluice/service-shell';
import { describe, submitOutcome } from './bitmart.answers.js';
import { idsOf } from './bitmart.capabilities.js';
import { codeOf, dataOf, BitmartClient } from './bitmart.client.js';
import { readHistory, type HistoryRows } from './bitmart.history.js';
import { ROW_FIELDS, withdrawalDraft, type AmountReading } from './bitmart.mapping.js';
import { requestOf } from './bitmart.request.js';
import { BitmartTerms } from './bitmart.terms.js';

const TERMS_AGAIN_MS = 5_000;
const TIME_AGAIN_MS = 1_000;
const CLOCK_CODE = 30007;
const NOT_FOUND_CODE = 60010;

interface BitmartRules {
  readonly amountIs: AmountReading;
  readonly refuseFrom: Date;
}

/** BitMart behind the port. There is no cancel, and no look-up by a key of ours: the listing is the only way to find a payment again. */
@Injectable()
export class BitmartAdapter implements VenueAdapter {
  constructor(
    @InjectCapabilities() readonly capabilities: VenueCapabilities,
    private readonly client: BitmartClient,
    private readonly terms: BitmartTerms,
    @InjectConfig() private readonly rules: BitmartRules,
  ) {}

  async prepare(order: WithdrawalOrder): Promise<Preparation> {
    const { amountIs, refuseFrom } = this.rules;
    const now = this.client.clock.earliest();
    if (now === null) return notReady('the time of BitMart is not known', TIME_AGAIN_MS);
    if (now >= refuseFrom)
      return refusedOrder(
        'venue_closed',
        `BitMart is closing: nothing is sent from ${refuseFrom.toISOString()} on`,
      );
    const fault = ruleFault('bitmart', order);
    if (fault !== null) return fault;
    const terms = await this.terms.of(order.asset, idsOf(order.asset, this.capabilities.added));
    if (terms.ok) return { kind: 'ready', request: requestOf(order, terms.value, amountIs) };
    const { kind, cause } = terms.refusal;
    return kind === 'not_listed'
      ? refusedOrder('not_supported', cause)
      : notReady(cause, TERMS_AGAIN_MS);
  }

  async submit(request: PreparedRequest): Promise<SubmitOutcome> {
    const answer = await this.client.apply(request.body);
    if (codeOf(answer) === CLOCK_CODE) await this.client.readClock();
    return submitOutcome(answer);
  }

  /** Never asked: no form of BitMart's can be searched by a key of ours. */
  lookup(): Promise<LookupOutcome> {
    return Promise.resolve(unavailable('BitMart knows no key of ours'));
  }

  async list({ form, from, to, venueReference }: ListingWindow): Promise<Listing> {
    const found =
      venueReference === undefined
        ? await readHistory(this.client, from, to)
        : await this.recordOf(venueReference);
    if (found.kind === 'unavailable') return unavailable(found.cause);
    const context = { amountIs: this.rules.amountIs, added: this.capabilities.added };
    const read = readRows(found.rows, ROW_FIELDS, (row) => withdrawalDraft(row, form, context));
    return { kind: 'page', ...read, last: true, covered: { from, to } };
  }

  async balances(): Promise<VenueBalances> {
    const answer = await this.client.wallet();
    const balances = balancesOf(this.capabilities, dataOf(answer)?.['wallet'], {
      currency: 'currency',
      parts: ['available', 'frozen'],
    });
    return balances ?? { kind: 'unavailable', cause: describe(answer) };
  }

  /** Fetches a record by id. A missing record proves no absence: it may not be visible yet. */
  private async recordOf(venueReference: string): Promise<HistoryRows> {
    const answer = await this.client.detail(venueReference);
    if (codeOf(answer) === NOT_FOUND_CODE) return { kind: 'rows', rows: [] };
    const record: unknown = dataOf(answer)?.['record'];
    return isObject(record)
      ? { kind: 'rows', rows: [record] }
      : { kind: 'unavailable', cause: describe(answer) };
  }
}
