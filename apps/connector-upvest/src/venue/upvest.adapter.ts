import { isObject } from '@sluice/kernel';
import { Injectable } from '@nestjs/common';
import { InjectCapabilities } from '@sluice/connector-engine';
import type {
  VenueCancelOutcome,
  Listing,
  ListingWindow,
  ListedWithdrawal,
  LookupOutcome,
  Preparation,
  PreparedRequest,
  SubmitOutcome,
  VenueAdapter,
  VenueCapabilities,
  VenueSpan,
  WithdrawalOrder,
} from '@sluice/connector-rules';
import { cancelOutcome, describe, problemNameOf, submitOutcome } from './upvest.answers.js';
import { UpvestClient, type UpvestAnswer } from './upvest.client.js';
import { accountGroupOf, withdrawalRecord } from './upvest.mapping.js';
import { prepareWithdrawal } from './upvest.prepare.js';

const PAGE = 1_000;
const READ_AGAIN_MS = 2_000;

type UpvestPage =
  { kind: 'page'; records: ListedWithdrawal[] } | Extract<Listing, { kind: 'unavailable' }>;

/** Upvest behind the port. */
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

  /**
   * Returns `unavailable`: Upvest has no search by our reference and lists records per account
   * group.
   */
  lookup(): Promise<LookupOutcome> {
    return Promise.resolve({
      kind: 'unavailable',
      retryAfterMs: READ_AGAIN_MS,
      cause: 'Upvest cannot search by our reference',
    });
  }

  /** All pages of the account groups in question at once: how far they go is known by the time of creation only. */
  async list({ from, to, destinations = [], venueReference }: ListingWindow): Promise<Listing> {
    if (venueReference !== undefined) return this.single(venueReference, { from, to });
    const records: ListedWithdrawal[] = [];
    for (const accountGroupId of accountGroupsOf(destinations)) {
      const group = await this.since(accountGroupId, from);
      if (group.kind === 'unavailable') return group;
      records.push(...group.records);
    }
    // Only the account groups of `destinations` were queried. Without destinations, no time span is
    // covered.
    return {
      kind: 'page',
      records,
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
      answer.kind === 'answer' && answer.status === 200
        ? readable([answer.json])
        : unavailable(answer);
    return page.kind === 'page' ? { ...page, last: true, covered } : page;
  }

  private async since(accountGroupId: string, from: Date): Promise<UpvestPage> {
    const records: ListedWithdrawal[] = [];
    for (;;) {
      const answer = await this.client.list(accountGroupId, records.length, PAGE);
      const rows =
        answer.kind === 'answer' && answer.status === 200 && isObject(answer.json)
          ? answer.json['data']
          : undefined;
      if (!Array.isArray(rows)) return unavailable(answer);
      const page = readable(rows);
      if (page.kind === 'unavailable') return page;
      records.push(...page.records);
      const oldest = page.records.at(-1);
      if (!oldest || rows.length < PAGE || oldest.createdAt < from)
        return { kind: 'page', records };
    }
  }
}

function accountGroupsOf(destinations: readonly string[]): Set<string> {
  return new Set(destinations.map(accountGroupOf).filter((id) => id !== null));
}

/**
 * Converts rows to records. An unreadable row makes the page unavailable: a skipped row would look
 * absent.
 */
function readable(rows: readonly unknown[]): UpvestPage {
  const records = rows
    .map((row) => (isObject(row) ? withdrawalRecord(row) : null))
    .filter((record) => record !== null);
  if (records.length < rows.length)
    return {
      kind: 'unavailable',
      retryAfterMs: READ_AGAIN_MS,
      cause: 'a record without id or time',
    };
  return { kind: 'page', records };
}

function unavailable(answer: UpvestAnswer): Extract<Listing, { kind: 'unavailable' }> {
  return {
    kind: 'unavailable',
    retryAfterMs: answer.kind === 'no_access' ? Math.max(answer.retryAfterMs, 50) : READ_AGAIN_MS,
    cause: describe(answer),
  };
}
