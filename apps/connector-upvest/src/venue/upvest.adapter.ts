import { isObject } from '@sluice/kernel';
import { Injectable } from '@nestjs/common';
import { InjectCapabilities } from '@sluice/connector-engine';
import {
  readRows,
  unavailable,
  type VenueCancelOutcome,
  type Listing,
  type ListingWindow,
  type ListedWithdrawal,
  type LookupOutcome,
  type Preparation,
  type PreparedRequest,
  type ReadRows,
  type SubmitOutcome,
  type UnreadableRow,
  type VenueAdapter,
  type VenueCapabilities,
  type VenueSpan,
  type WithdrawalOrder,
} from '@sluice/connector-rules';
import { cancelOutcome, describe, problemNameOf, submitOutcome } from './upvest.answers.js';
import { UpvestClient, type UpvestAnswer } from './upvest.client.js';
import { accountGroupOf, ROW_FIELDS, withdrawalDraft } from './upvest.mapping.js';
import { prepareWithdrawal } from './upvest.prepare.js';

const PAGE = 1_000;

type UpvestPage = ({ kind: 'page' } & ReadRows) | Extract<Listing, { kind: 'unavailable' }>;

@Injectable()
export class UpvestAdapter implements VenueAdapter {
  constructor(
    @InjectCapabilities() readonly capabilities: VenueCapabilities,
    private readonly client: UpvestClient,
  ) {}

  prepare(order: WithdrawalOrder): Promise<Preparation> {
    return Promise.resolve(prepareWithdrawal(order));
  }

  /** Sends a first request or a repeat: the idempotency key makes both a single withdrawal. */
  async submit(request: PreparedRequest): Promise<SubmitOutcome> {
    const key = request.evidence['idempotency_key'];
    if (key === undefined)
      throw new Error('a stored request without its idempotency key must not be sent');
    return submitOutcome(await this.client.withdraw(request.body, key));
  }

  /** Returns `unavailable`: Upvest has no search by our reference. */
  lookup(): Promise<LookupOutcome> {
    return Promise.resolve(unavailable('Upvest cannot search by our reference'));
  }

  /** All pages of the account groups in question at once: how far they go is known by the time of creation only. */
  async list({ from, to, destinations = [], venueReference }: ListingWindow): Promise<Listing> {
    if (venueReference !== undefined) return this.single(venueReference, { from, to });
    const records: ListedWithdrawal[] = [];
    const unreadable: UnreadableRow[] = [];
    for (const accountGroupId of accountGroupsOf(destinations)) {
      const group = await this.since(accountGroupId, from);
      if (group.kind === 'unavailable') return group;
      records.push(...group.records);
      unreadable.push(...(group.unreadable ?? []));
    }
    // Only the account groups of `destinations` were queried: without them no span is covered.
    return {
      kind: 'page',
      records,
      unreadable,
      last: true,
      covered: { from: destinations.length === 0 ? to : from, to },
    };
  }

  async cancel(venueReference: string): Promise<VenueCancelOutcome> {
    return cancelOutcome(await this.client.cancel(venueReference));
  }

  private async single(id: string, covered: VenueSpan): Promise<Listing> {
    const answer = await this.client.get(id);
    if (
      answer.kind === 'answer' &&
      answer.status === 404 &&
      problemNameOf(answer.json) === 'not_found'
    )
      return { kind: 'page', records: [], last: true, covered };
    const page =
      answer.kind === 'answer' && answer.status === 200 ? pageOf([answer.json]) : unread(answer);
    return page.kind === 'page' ? { ...page, last: true, covered } : page;
  }

  private async since(accountGroupId: string, from: Date): Promise<UpvestPage> {
    const records: ListedWithdrawal[] = [];
    const unreadable: UnreadableRow[] = [];
    for (let offset = 0; ; offset += PAGE) {
      const answer = await this.client.list(accountGroupId, offset, PAGE);
      const rows =
        answer.kind === 'answer' && answer.status === 200 && isObject(answer.json)
          ? answer.json['data']
          : undefined;
      if (!Array.isArray(rows)) return unread(answer);
      const page = readRows(rows, ROW_FIELDS, withdrawalDraft);
      records.push(...page.records);
      unreadable.push(...(page.unreadable ?? []));
      const oldest = page.records.at(-1);
      if (rows.length < PAGE || (oldest !== undefined && oldest.createdAt < from))
        return { kind: 'page', records, unreadable };
    }
  }
}

function accountGroupsOf(destinations: readonly string[]): Set<string> {
  return new Set(destinations.map(accountGroupOf).filter((id) => id !== null));
}

function pageOf(rows: readonly unknown[]): UpvestPage {
  return { kind: 'page', ...readRows(rows, ROW_FIELDS, withdrawalDraft) };
}

function unread(answer: UpvestAnswer): Extract<Listing, { kind: 'unavailable' }> {
  return answer.kind === 'no_access'
    ? unavailable(describe(answer), Math.max(answer.retryAfterMs, 50))
    : unavailable(describe(answer));
}
