import { setTimeout as sleep } from 'node:timers/promises';
import { RateLimitError, ServiceUnavailableError } from './api-errors.js';
import type { TimelineStep, WithdrawalFilter, WithdrawalPreview } from './api-types.js';
import { checkedId, checkedOrder } from './arguments.js';
import { batchResult, isBatchAnswer, type BatchResult } from './batch.js';
import { NoAnswerError, StillPendingError } from './errors.js';
import { everyRow, isListOf, pageOf, rowsOf, type Page } from './page.js';
import type { CallOptions, CallQuery, SignedCalls } from './signed-calls.js';
import { elapsedMs } from './system-clock.js';
import {
  hasReached,
  isWithdrawal,
  withdrawalOf,
  type Milestone,
  type Withdrawal,
  type WithdrawalOrder,
} from './withdrawal.js';

export interface Waiting {
  /** Total time limit (ms); default: 10 minutes. */
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
    /** Converts an order to a batch item. */
    private readonly signedItem: (order: WithdrawalOrder) => object,
  ) {}

  /**
   * Requests a withdrawal. A repetition with the same reference creates no second withdrawal and
   * returns the present state, including a failure.
   *
   * Throws an `ApiError` for a rejection, and `OutcomeUnknownError` for an unknown outcome.
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

  async page(filter: WithdrawalFilter = {}, options?: CallOptions): Promise<Page<Withdrawal>> {
    const query: CallQuery = { ...filter };
    const isAnswer = isListOf(isWithdrawal);
    const call = { method: 'GET', path: PATH, repeat: 'read', query, isAnswer } as const;
    return pageOf(await this.calls.make(call, options), (row) => withdrawalOf(row));
  }

  /**
   * Requests cancellation; `cancel` in the response shows the result. Throws `NotCancellableError`.
   */
  async cancel(id: number, options?: CallOptions): Promise<Withdrawal> {
    const path = `${PATH}/${checkedId(id)}`;
    const { data } = await this.calls.make(
      { method: 'DELETE', path, repeat: 'idempotent', isAnswer: isWithdrawal },
      options,
    );
    return withdrawalOf(data);
  }

  async timeline(id: number, options?: CallOptions): Promise<readonly TimelineStep[]> {
    return this.calls.list(`${PATH}/${checkedId(id)}/timeline`, {}, options);
  }

  /**
   * Runs all checks of `create`, and returns fee, venue and expected start. Throws the same errors
   * as `create`.
   */
  async preview(order: WithdrawalOrder, options?: CallOptions): Promise<WithdrawalPreview> {
    const call = { method: 'POST', path: `${PATH}/preview`, repeat: 'read' } as const;
    return this.calls.object({ ...call, body: checkedOrder(order) }, options);
  }

  /**
   * Creates up to 500 withdrawals at once. The results are in the order of the orders; a rejected
   * order does not affect the others.
   */
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
   * Resolves when the withdrawal has reached `milestone`, or has ended in another state: check the
   * `status`. Temporary faults are waited out.
   *
   * Throws `StillPendingError` after the time limit: the withdrawal continues, and no result is
   * known.
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
