import { setTimeout as sleep } from 'node:timers/promises';
import { RateLimitError, ServiceUnavailableError } from './api-errors.js';
import { checkedId, checkedOrder } from './arguments.js';
import { batchResult, isBatchAnswer, type BatchResult } from './batch.js';
import { NoAnswerError, StillPendingError } from './errors.js';
import { everyRow, isListOf, pageOf, rowsOf, type Page } from './page.js';
import type { CallOptions, Query, SignedCalls } from './signed-calls.js';
import { elapsedMs } from './system-clock.js';
import {
  hasReached,
  isWithdrawal,
  withdrawalOf,
  type Destination,
  type Milestone,
  type Withdrawal,
  type WithdrawalOrder,
  type WithdrawalStatus,
} from './withdrawal.js';

/** Ours, beyond the contract: `GET /v1/withdrawals`. */
export interface WithdrawalFilter {
  readonly status?: WithdrawalStatus;
  readonly stage?: string;
  readonly venue?: string;
  readonly currency?: string;
  readonly network?: string;
  readonly client_reference?: string;
  /** ISO 8601; requested at this instant or later. */
  readonly requested_since?: string;
  /** ISO 8601; requested before this instant. */
  readonly requested_before?: string;
  /** Rows of a page. */
  readonly limit?: number;
}

/** One step of a withdrawal's history. */
export interface TimelineStep {
  readonly at: string;
  /** What became known; there may be others than today's. */
  readonly event: string;
  /** What it led to. */
  readonly status: WithdrawalStatus;
  readonly stage: string;
  /** For people; its wording may change. */
  readonly evidence: string;
  readonly venue: string;
  readonly tx_hash: string | null;
  /** Of the step that tells that it is final, where our own wallet has paid it. */
  readonly confirmations: number | null;
  readonly block_number: number | null;
}

/** What `create` would answer now; nothing is on record. */
export interface WithdrawalPreview {
  /** The withdrawal that this reference has made already; null for none. */
  readonly withdrawal_id: number | null;
  readonly client_reference: string | null;
  readonly currency: string;
  readonly network: string;
  readonly to_address: string;
  readonly destination: Destination;
  readonly amount: string;
  readonly fee: string;
  /** Amount and fee: what is reserved. */
  readonly total: string;
  /** That would get it first. */
  readonly venue: string;
  /** When the venue would begin; null: at once. */
  readonly expected_at: string | null;
}

export interface Waiting {
  /** Over all, 10 minutes unless told. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

const PATH = '/v1/withdrawals';
const BATCH_PATH = `${PATH}/batch`;
const MOST_IN_A_BATCH = 500;
const WAIT_MS = 600_000;
const FIRST_LOOK_MS = 500;
const SLOWEST_LOOK_MS = 10_000;

export class Withdrawals {
  constructor(
    private readonly calls: SignedCalls,
    /** What an order is in a batch. */
    private readonly signedItem: (order: WithdrawalOrder) => object,
  ) {}

  /**
   * Asks for a withdrawal. The same call again, with the same reference, makes no second one and answers the present state, a failure included.
   * Throws an `ApiError` when it is refused, and `OutcomeUnknownError` when nobody has said what became of it.
   */
  async create(order: WithdrawalOrder, options?: CallOptions): Promise<Withdrawal> {
    const { client_reference } = checkedOrder(order);
    const { data } = await this.calls.make(
      {
        method: 'POST',
        path: PATH,
        repeat: 'referenced',
        body: order,
        references: [client_reference],
        isAnswer: isWithdrawal,
      },
      options,
    );
    return withdrawalOf(data, client_reference);
  }

  /** Throws `WithdrawalNotFoundError`, also for another account's. */
  async get(id: number, options?: CallOptions): Promise<Withdrawal> {
    const path = `${PATH}/${checkedId(id)}`;
    const call = { method: 'GET', path, repeat: 'read', isAnswer: isWithdrawal } as const;
    const { data } = await this.calls.make(call, options);
    return withdrawalOf(data);
  }

  /** Newest first, page after page. */
  list(filter: WithdrawalFilter = {}, options?: CallOptions): AsyncGenerator<Withdrawal> {
    return everyRow((cursor) =>
      this.page({ ...filter, ...(cursor !== undefined && { cursor }) }, options),
    );
  }

  async page(
    filter: WithdrawalFilter & { readonly cursor?: string | number } = {},
    options?: CallOptions,
  ): Promise<Page<Withdrawal>> {
    const query: Query = { ...filter };
    const isAnswer = isListOf(isWithdrawal);
    const call = { method: 'GET', path: PATH, repeat: 'read', query, isAnswer } as const;
    return pageOf(await this.calls.make(call, options), (row) => withdrawalOf(row));
  }

  /** Says that it is not wanted any more: `cancel` of the answer says what becomes of that. Throws `NotCancellableError`. */
  async cancel(id: number, options?: CallOptions): Promise<Withdrawal> {
    const path = `${PATH}/${checkedId(id)}`;
    const { data } = await this.calls.make(
      { method: 'DELETE', path, repeat: 'idempotent', isAnswer: isWithdrawal },
      options,
    );
    return withdrawalOf(data);
  }

  async timeline(id: number, options?: CallOptions): Promise<readonly TimelineStep[]> {
    const path = `${PATH}/${checkedId(id)}/timeline`;
    const call = { method: 'GET', path, repeat: 'read', isAnswer: Array.isArray } as const;
    const { data } = await this.calls.make(call, options);
    return rowsOf(data) as readonly TimelineStep[];
  }

  /** Every check of `create`, the fee, the venue and when it would begin. Throws what `create` would. */
  async preview(order: WithdrawalOrder, options?: CallOptions): Promise<WithdrawalPreview> {
    const call = { method: 'POST', path: `${PATH}/preview`, repeat: 'read' } as const;
    const { data } = await this.calls.make({ ...call, body: checkedOrder(order) }, options);
    return data as WithdrawalPreview;
  }

  /** Up to 500 at once. Each has its own result, in the order of the orders; one that is refused hurts no other. */
  async createBatch(
    orders: readonly WithdrawalOrder[],
    options?: CallOptions,
  ): Promise<readonly BatchResult[]> {
    if (orders.length === 0 || orders.length > MOST_IN_A_BATCH)
      throw new TypeError(`orders: List should have 1 to ${MOST_IN_A_BATCH} orders`);
    const references = orders.map((order) => checkedOrder(order).client_reference);
    const call = { method: 'POST', path: BATCH_PATH, repeat: 'referenced', references } as const;
    const body = (): object => ({ withdrawals: orders.map((order) => this.signedItem(order)) });
    const isAnswer = (rows: unknown): boolean => isBatchAnswer(rows, references.length);
    const { data, settlesAt } = await this.calls.make({ ...call, body, isAnswer }, options);
    return rowsOf(data).map((row, at) => batchResult(row, references[at] ?? '', settlesAt));
  }

  /**
   * Resolves when the withdrawal has come as far as `milestone`, or has ended otherwise: look at its `status`. Faults that pass are waited out.
   * Throws `StillPendingError` when the time is over, which says nothing about the withdrawal but that it goes on.
   */
  async waitFor(
    id: number,
    milestone: Milestone = 'confirmed',
    { timeoutMs = WAIT_MS, signal }: Waiting = {},
  ): Promise<Withdrawal> {
    const since = elapsedMs();
    const options = { ...(signal && { signal }) };
    let cause: unknown;
    for (let pauseMs = FIRST_LOOK_MS; ; pauseMs = Math.min(pauseMs * 1.5, SLOWEST_LOOK_MS)) {
      try {
        const withdrawal = await this.get(id, options);
        if (hasReached(withdrawal, milestone)) return withdrawal;
      } catch (error) {
        signal?.throwIfAborted();
        if (!isPassing(error)) throw error;
        cause = error;
      }
      const leftMs = since + timeoutMs - elapsedMs();
      if (leftMs <= 0) throw new StillPendingError(id, { cause });
      await sleep(Math.min(pauseMs, leftMs), undefined, options);
    }
  }
}

function isPassing(error: unknown): boolean {
  const passing = [NoAnswerError, RateLimitError, ServiceUnavailableError];
  return passing.some((kind) => error instanceof kind);
}
