import { Injectable } from '@nestjs/common';
import { ApiError } from '@sluice/http-api';
import { CommitUnknownError, Database, isInfrastructureFault } from '@sluice/postgres';
import { InjectLogger, type Logger } from '@sluice/service-shell';
import type { ApiKey } from '../../api-keys/key-store.js';
import { ServiceAwayError } from '../../other-services/asked-service.js';
import { DeadlineError } from '../../http/deadline.js';
import { PublicError } from '../../http/public-error.js';
import { valueOrRefusal } from '../answers/refusal-response.js';
import { RequestWithdrawal } from '../requests/request-withdrawal.js';
import { statusShape, submissionShape } from '../answers/withdrawal-view.js';
import { batchItem, referenceIn, type BatchItem } from './batch-item.js';
import type { BatchResultDto, PolicyRefusalDto } from './batch.dto.js';

type Read = { readonly item: BatchItem } | { readonly fault: unknown };

/**
 * `POST /v1/withdrawals/batch`: each item is a separate request with a separate answer. All items
 * are requested at once, and the group commit records them together. Among items with the same
 * reference the first is executed first, and the others are repeats.
 */
@Injectable()
export class RequestBatch {
  constructor(
    private readonly requestWithdrawal: RequestWithdrawal,
    private readonly database: Database,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  /** Returns a result per item, in order. Never rejects because of an item. */
  run(
    values: readonly unknown[],
    caller: ApiKey,
    arrivedAtMs: number,
  ): Promise<readonly BatchResultDto[]> {
    const nowMs = this.database.clock.now().getTime();
    const first = new Map<string, Promise<unknown>>();
    const answerTo = (read: Read): Promise<Result> => {
      if ('fault' in read) return Promise.resolve(this.failed(read.fault));
      const before = first.get(read.item.reference);
      const asking = this.resultOf(read.item, caller, { arrivedAtMs, before });
      if (before === undefined) first.set(read.item.reference, asking);
      return asking;
    };
    return Promise.all(
      values.map(async (value, index) => {
        const read = readItem(value, caller, nowMs);
        const reference = 'item' in read ? read.item.reference : referenceIn(value);
        return { index, client_reference: reference, ...(await answerTo(read)) };
      }),
    );
  }

  private async resultOf(
    { request, signedRequest }: BatchItem,
    caller: ApiKey,
    { arrivedAtMs, before }: { arrivedAtMs: number; before: Promise<unknown> | undefined },
  ): Promise<Result> {
    try {
      await before;
      const context = { waitSeconds: 0, arrivedAtMs, signedRequest };
      const { kind, stored } = valueOrRefusal(
        await this.requestWithdrawal.run(request, caller, context),
      );
      const data = kind === 'first' ? submissionShape(stored) : statusShape(stored);
      return { status_code: 200, success: true, message: 'OK', data };
    } catch (error) {
      return this.failed(error);
    }
  }

  private failed(error: unknown): Result {
    const refusal = this.refusalOf(error);
    return {
      status_code: refusal.getStatus(),
      success: false,
      message: refusal.message,
      ...dataOf(refusal),
    };
  }

  private refusalOf(error: unknown): ApiError {
    if (error instanceof ApiError) return error;
    if (error instanceof DeadlineError) return PublicError.of(error.late);
    if (isAway(error)) return PublicError.of('unavailable');
    this.logger.error({ err: error }, 'one request of a batch failed');
    return PublicError.of('internal');
  }
}

/** The rule of the spending policy has its own field. */
function dataOf({ data }: ApiError): Pick<Result, 'data' | 'refusal'> {
  return isRule(data) ? { data: null, refusal: data } : { data: data ?? null };
}

function isRule(data: object | undefined): data is PolicyRefusalDto {
  return data !== undefined && 'rule' in data;
}

type Result = Omit<BatchResultDto, 'index' | 'client_reference'>;

function readItem(value: unknown, caller: ApiKey, nowMs: number): Read {
  try {
    return { item: batchItem(value, caller, nowMs) };
  } catch (fault) {
    return { fault };
  }
}

function isAway(error: unknown): boolean {
  return (
    error instanceof CommitUnknownError ||
    error instanceof ServiceAwayError ||
    isInfrastructureFault(error)
  );
}
