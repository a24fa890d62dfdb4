import { currencyOf, networkOf } from '@sluice/kernel';
import { Injectable } from '@nestjs/common';
import {
  balancesOf,
  chainNames,
  currenciesOf,
  notReady,
  readRows,
  refusedOrder,
  unavailable,
  type VenueBalances,
  type VenueCancelOutcome,
  type ChainNames,
  type Listing,
  type ListingWindow,
  type LookupOutcome,
  type Preparation,
  type PreparedRequest,
  type SubmitOutcome,
  type VenueAdapter,
  type VenueCapabilities,
  type VenueSpan,
  type WithdrawalOrder,
  ruleFault,
} from '@sluice/connector-rules';
import { InjectCapabilities, type VenueAnswer } from '@sluice/connector-engine';
import { InjectConfig } from '@sluice/service-shell';
import { BybitAddressBook } from './bybit.address-book.js';
import {
  cancelOutcome,
  describe,
  isClockFault,
  messageOf,
  submitOutcome,
} from './bybit.answers.js';
import { CHAIN_OF_NETWORK } from './bybit.capabilities.js';
import { codeOf, resultOf, BybitClient } from './bybit.client.js';
import { ROW_FIELDS, withdrawalDraft } from './bybit.mapping.js';
import { travelRuleFields, type TravelRule } from './bybit.travel-rule.js';

const PAGE = 50;
const SPAN_MS = 30 * 86_400_000;
const BOOK_AGAIN_MS = 5_000;
const TIME_AGAIN_MS = 1_000;
const NOTHING: VenueSpan = { from: new Date(0), to: new Date(0) };

export interface BybitPolicy {
  readonly accountTypes: readonly string[];
  readonly travelRule: TravelRule;
}

/** Destination of an order, in the fields of POST .../create. */
type Target =
  | { kind: 'target'; fields: Readonly<Record<string, unknown>> }
  | Exclude<Preparation, { kind: 'ready' }>;

@Injectable()
export class BybitAdapter implements VenueAdapter {
  constructor(
    @InjectCapabilities() readonly capabilities: VenueCapabilities,
    private readonly client: BybitClient,
    private readonly addressBook: BybitAddressBook,
    @InjectConfig() private readonly policy: BybitPolicy,
  ) {}

  /** `feeType` 0 adds the fee to the amount: the recipient gets exactly the amount. */
  async prepare(order: WithdrawalOrder): Promise<Preparation> {
    const fault = ruleFault('bybit', order);
    if (fault !== null) return fault;
    const travelRule = travelRuleFields(this.policy.travelRule, order.destination);
    if (!travelRule)
      return refusedOrder('travel_rule', 'the recipient data required by Bybit are missing');
    const target =
      order.destination.type === 'venue_account' ? uidTarget(order) : await this.chainTarget(order);
    if (target.kind !== 'target') return target;
    const now = this.client.clock.earliest();
    if (now === null) return notReady('the time of Bybit is not known', TIME_AGAIN_MS);
    const body = JSON.stringify({
      coin: currencyOf(order.asset),
      ...target.fields,
      amount: order.amount.toString(),
      timestamp: now.getTime(),
      accountType: this.policy.accountTypes.join(','),
      feeType: 0,
      requestId: order.clientReference,
      ...travelRule,
    });
    return {
      kind: 'ready',
      request: {
        form: order.form,
        body,
        gross: order.amount,
        evidence: { fee_type: '0', account_type: this.policy.accountTypes.join(',') },
      },
    };
  }

  async submit(request: PreparedRequest): Promise<SubmitOutcome> {
    const answer = await this.client.create(request.body);
    if (isClockFault(codeOf(answer), messageOf(answer))) await this.client.readClock();
    return submitOutcome(answer);
  }

  /** Never asked: no record shows our key. */
  lookup(): Promise<LookupOutcome> {
    return Promise.resolve(unavailable('Bybit knows no filter by requestId'));
  }

  async list({ form, from, to, cursor, venueReference }: ListingWindow): Promise<Listing> {
    const first = from.getTime();
    // the remainder of a longer window is not covered
    const last = Math.min(to.getTime(), first + SPAN_MS - 1);
    const query = new URLSearchParams({
      withdrawType: '2',
      startTime: String(first),
      endTime: String(last),
      limit: String(PAGE),
    });
    if (venueReference !== undefined) query.set('withdrawID', venueReference);
    if (cursor !== undefined) query.set('cursor', cursor);
    return this.pageOf(form, await this.client.queryRecord(query), { from, to: new Date(last) });
  }

  /** Cancels. After a refusal the record is read: a lost first answer may have cancelled. */
  async cancel(venueReference: string): Promise<VenueCancelOutcome> {
    const outcome = cancelOutcome(await this.client.cancel(venueReference));
    if (outcome.kind !== 'refused') return outcome;
    const page = this.pageOf(
      'any',
      await this.client.queryRecord(
        new URLSearchParams({ withdrawID: venueReference, withdrawType: '2' }),
      ),
      NOTHING,
    );
    if (page.kind === 'unavailable')
      return { kind: 'unknown', retryAfterMs: page.retryAfterMs, cause: page.cause };
    const record = page.records.find((one) => one.venueReference === venueReference);
    return record?.status.kind === 'failed' && record.status.cancelled
      ? { kind: 'requested' }
      : outcome;
  }

  /** Reads the balances of the first wallet; payments from others are found only in the records. */
  async balances(): Promise<VenueBalances> {
    const wallet = this.policy.accountTypes[0] === 'FUND' ? 'FUND' : 'UNIFIED';
    const coins = [...new Set(this.capabilities.forms.flatMap(currenciesOf))];
    const query = new URLSearchParams({ accountType: wallet, coin: coins.join(',') });
    const answer = await this.client.coinsBalance(query);
    const balances = balancesOf(this.capabilities, resultOf(answer)?.['balance'], {
      currency: 'coin',
      parts: ['walletBalance'],
    });
    return balances ?? { kind: 'unavailable', cause: describe(answer) };
  }

  private chains(): ChainNames {
    return chainNames(CHAIN_OF_NETWORK, this.capabilities.added);
  }

  private async chainTarget({ asset, destination }: WithdrawalOrder): Promise<Target> {
    const chain = this.chains().chainOf(networkOf(asset));
    if (chain === undefined || destination.type !== 'address')
      return refusedOrder('not_supported', `Bybit does not pay ${asset} to such a destination`);
    const spelled = await this.addressBook.spell(destination.address);
    if (!spelled.ok) return notReady(spelled.refusal, BOOK_AGAIN_MS);
    const tag = destination.memo === undefined ? {} : { tag: destination.memo };
    return { kind: 'target', fields: { chain, address: spelled.value, ...tag, forceChain: 1 } };
  }

  private pageOf(form: string, answer: VenueAnswer, covered: VenueSpan): Listing {
    const result = resultOf(answer);
    const rows = result?.['rows'];
    if (!result || !Array.isArray(rows)) return unavailable(describe(answer));
    const chains = this.chains();
    const read = readRows(rows, ROW_FIELDS, (row) => withdrawalDraft(form, row, chains));
    const next = result['nextPageCursor'];
    const more = typeof next === 'string' && next !== '' && rows.length > 0;
    return { kind: 'page', ...read, last: !more, covered, ...(more && { next }) };
  }
}

/** `forceChain` 2: inside Bybit by UID, on no chain; the network of the asset only names the balance of ours that pays. */
function uidTarget({ destination }: WithdrawalOrder): Target {
  if (destination.type !== 'venue_account')
    return refusedOrder('invalid_destination', 'not an account of Bybit');
  return { kind: 'target', fields: { address: destination.value, forceChain: 2 } };
}
