import { Amount, currencyOf, networkOf } from '@sluice/kernel';
import { Injectable } from '@nestjs/common';
import {
  balancesOf,
  chainNames,
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
  type SearchKey,
  type SubmitOutcome,
  type VenueAdapter,
  type VenueCapabilities,
  type VenueSpan,
  type WithdrawalOrder,
  ruleFault,
} from '@sluice/connector-rules';
import { InjectConfig } from '@sluice/service-shell';
import { InjectCapabilities, type VenueAnswer } from '@sluice/connector-engine';
import { cancelOutcome, describe, submitOutcome } from './gateio.answers.js';
import { CHAIN_OF_NETWORK } from './gateio.capabilities.js';
import { labelOf, GateioClient } from './gateio.client.js';
import { GateioFees } from './gateio.fees.js';
import {
  CHAIN_FIELDS,
  PUSH_FIELDS,
  pushDraft,
  withdrawalDraft,
  type GateioMappingContext,
} from './gateio.mapping.js';

const PAGE = 1_000;
const LONGEST_SPAN_S = 30 * 86_400;
const FEES_AGAIN_MS = 5_000;

interface GateioRules {
  /** Time after which a `DONE` without block number counts as settled. */
  readonly doneSettlesAfterMs: number;
}

@Injectable()
export class GateioAdapter implements VenueAdapter {
  constructor(
    @InjectCapabilities() readonly capabilities: VenueCapabilities,
    private readonly client: GateioClient,
    private readonly fees: GateioFees,
    @InjectConfig() private readonly rules: GateioRules,
  ) {}

  prepare(order: WithdrawalOrder): Promise<Preparation> {
    const fault = ruleFault('gateio', order);
    if (fault !== null) return Promise.resolve(fault);
    return order.destination.type === 'venue_account'
      ? Promise.resolve(preparePush(order))
      : this.prepareChain(order);
  }

  async submit(request: PreparedRequest): Promise<SubmitOutcome> {
    const answer =
      request.form === 'push'
        ? await this.client.push(request.body)
        : await this.client.withdraw(request.body);
    if (labelOf(answer) === 'REQUEST_EXPIRED') await this.client.readClock();
    return submitOutcome(answer);
  }

  async lookup({ clientReference, ...span }: SearchKey): Promise<LookupOutcome> {
    const { query, covered } = windowQuery(span);
    // sent with from and to: the effect of the 7-day default on this filter is unconfirmed
    query.set('withdraw_order_id', clientReference);
    const listing = this.pageOf('chain', await this.client.listWithdrawals(query), covered);
    if (listing.kind === 'unavailable') return listing;
    const records = listing.records.filter((record) => record.clientReference === clientReference);
    // a row without any reference may be the payment as well: the filter is the venue's
    const unreadable = (listing.unreadable ?? []).filter(({ draft }) =>
      [clientReference, null, undefined].includes(draft?.clientReference),
    );
    if (records.length > 0) return { kind: 'found', records, unreadable };
    const silent = unreadable.length === 0 ? covered : { from: covered.to, to: covered.to };
    return { kind: 'not_found', covered: silent, unreadable };
  }

  async list({ form, from, to, offset, venueReference }: ListingWindow): Promise<Listing> {
    const { query, covered } = windowQuery({ from, to });
    query.set('limit', String(PAGE));
    query.set('offset', String(offset));
    if (venueReference !== undefined)
      query.set(form === 'push' ? 'id' : 'withdraw_id', venueReference);
    return this.pageOf(
      form,
      form === 'push'
        ? await this.client.listPushes(query)
        : await this.client.listWithdrawals(query),
      covered,
    );
  }

  async balances(): Promise<VenueBalances> {
    const answer = await this.client.spotAccounts();
    const isList = answer.kind === 'answer' && answer.status === 200 && Array.isArray(answer.json);
    const rows: unknown = isList ? answer.json : null;
    const balances = balancesOf(this.capabilities, rows, {
      currency: 'currency',
      parts: ['available', 'locked'],
    });
    return balances ?? { kind: 'unavailable', cause: describe(answer) };
  }

  async cancel(venueReference: string): Promise<VenueCancelOutcome> {
    return cancelOutcome(await this.client.cancel(venueReference));
  }

  private chains(): ChainNames {
    return chainNames(CHAIN_OF_NETWORK, this.capabilities.added);
  }

  /** Gate deducts the fee from `amount`: the request asks for our amount plus the fee. */
  private async prepareChain(order: WithdrawalOrder): Promise<Preparation> {
    const { asset, destination } = order;
    const chain = this.chains().chainOf(networkOf(asset));
    if (chain === undefined || destination.type !== 'address')
      return refusedOrder('not_supported', `Gate does not pay ${asset} to such a destination`);
    const quoted = await this.fees.quote(currencyOf(asset), chain);
    if (!quoted.ok) return notReady(quoted.refusal, FEES_AGAIN_MS);
    const { fee, readAt } = quoted.value;
    const gross = order.amount.plus(Amount.of(fee, asset));
    const body = JSON.stringify({
      currency: currencyOf(asset),
      chain,
      amount: gross.toString(),
      address: destination.address,
      ...(destination.memo !== undefined && { memo: destination.memo }),
      withdraw_order_id: order.clientReference,
    });
    return {
      kind: 'ready',
      request: {
        form: order.form,
        body,
        gross,
        evidence: { chain, fee, fee_read_at: readAt.toISOString() },
      },
    };
  }

  private pageOf(form: string, answer: VenueAnswer, covered: VenueSpan): Listing {
    if (answer.kind !== 'answer' || answer.status !== 200 || !Array.isArray(answer.json)) {
      return unavailable(describe(answer));
    }
    const now = this.client.clock.earliest();
    if (now === null) return unavailable('the time of Gate is not known');
    const rows: readonly unknown[] = answer.json;
    const { doneSettlesAfterMs } = this.rules;
    const context: GateioMappingContext = { doneSettlesAfterMs, now, chains: this.chains() };
    const read =
      form === 'push'
        ? readRows(rows, PUSH_FIELDS, pushDraft)
        : readRows(rows, CHAIN_FIELDS, (row) => withdrawalDraft(row, context));
    return { kind: 'page', ...read, last: rows.length < PAGE, covered };
  }
}

/** A push is exact and free; `receive_uid` is an int64, written digit by digit. */
function preparePush(order: WithdrawalOrder): Preparation {
  const { destination, amount, asset } = order;
  if (destination.type !== 'venue_account')
    return refusedOrder('invalid_destination', 'not an account of Gate.io');
  const body = `{"receive_uid":${destination.value},"currency":${JSON.stringify(currencyOf(asset))},"amount":${JSON.stringify(amount.toString())}}`;
  return {
    kind: 'ready',
    request: { form: order.form, body, gross: amount, evidence: { fee: '0' } },
  };
}

/** `from` and `to` in whole seconds of the venue's clock, at most 30 days apart: what is left of a longer window is not covered. */
function windowQuery({ from, to }: VenueSpan): { query: URLSearchParams; covered: VenueSpan } {
  const first = Math.floor(from.getTime() / 1000);
  const last = Math.min(Math.ceil(to.getTime() / 1000), first + LONGEST_SPAN_S);
  const query = new URLSearchParams({ from: String(first), to: String(last) });
  return {
    query,
    covered: { from: new Date(first * 1000), to: new Date(Math.min(to.getTime(), last * 1000)) },
  };
}
