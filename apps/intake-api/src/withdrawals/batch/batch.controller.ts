import { Body, Injectable, Post } from '@nestjs/common';
import { ApiExtraModels, ApiOperation } from '@nestjs/swagger';
import { AnswersList, ApiError, parseJsonBody, readFields } from '@sluice/http-api';
import { NumberText } from '@sluice/kernel';
import { SIGNED_ROUTE, type SignedRequest } from '@sluice/messages';
import { CommitUnknownError, Database, isInfrastructureFault } from '@sluice/postgres';
import { InjectLogger, type Logger } from '@sluice/service-shell';
import type { WithdrawalRequest } from '@sluice/withdrawal-core';
import { ArrivedAt, Caller, RequiresPermission } from '../../api-keys/authenticated-request.js';
import { isInWindow, provenBy } from '../../api-keys/authenticate-request.js';
import type { ApiKey } from '../../api-keys/key-store.js';
import { PublicController } from '../../api-keys/public-controller.js';
import { DeadlineError } from '../../http/deadline.js';
import { Ours, PublicError } from '../../http/public-error.js';
import { ServiceAwayError } from '../../other-services/asked-service.js';
import { valueOrRefusal } from '../answers/refusal-response.js';
import {
  statusShape,
  submissionShape,
  SubmittedWithdrawalDto,
  WithdrawalStatusDto,
} from '../answers/withdrawal.dto.js';
import { CreateWithdrawalDto, requestOf } from '../requests/create-withdrawal.dto.js';
import { RequestWithdrawal } from '../requests/request-withdrawal.js';
import {
  BatchDto,
  BatchResultDto,
  type PolicyRefusalDto,
  SignedWithdrawalDto,
} from './batch.dto.js';

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

@PublicController('v1/withdrawals/batch')
export class BatchController {
  constructor(private readonly requestBatch: RequestBatch) {}

  @Post()
  @RequiresPermission('withdraw')
  @Ours()
  @ApiOperation({
    operationId: 'requestWithdrawals',
    summary: 'Request up to 500 withdrawals',
    description:
      'The response is always 200. Each item has its own `status`, `message` and `data`, as the response to a single request. A refused item does not affect the others.',
  })
  @ApiExtraModels(
    CreateWithdrawalDto,
    SignedWithdrawalDto,
    SubmittedWithdrawalDto,
    WithdrawalStatusDto,
  )
  @AnswersList(BatchResultDto)
  create(
    @Body() { withdrawals }: BatchDto,
    @Caller() caller: ApiKey,
    @ArrivedAt() arrivedAtMs: number,
  ): Promise<readonly BatchResultDto[]> {
    return this.requestBatch.run(withdrawals, caller, arrivedAtMs);
  }
}

/** Item of a batch, as a separate request. */
interface BatchItem {
  readonly request: WithdrawalRequest;
  readonly reference: string;
  readonly signedRequest: SignedRequest | null;
}

/**
 * Reads an item of a batch. Under an Ed25519 key each item has a separate signature, verified by
 * the ledger: the signature of the batch proves no single withdrawal. Throws ApiError for all
 * refusals of a single request.
 */
function batchItem(value: unknown, caller: ApiKey, nowMs: number): BatchItem {
  const fields = fieldsOf(value);
  const signed = caller.algorithm === 'ed25519' ? signedItem(fields, caller, nowMs) : null;
  const body = readFields(
    CreateWithdrawalDto,
    signed === null ? fields : parseJsonBody('application/json', Buffer.from(signed.body)),
  );
  const request = requestOf(body);
  if (request.clientReference === null)
    throw ApiError.invalid(['client_reference: Field required in a batch']);
  return { request, reference: request.clientReference, signedRequest: signed };
}

function signedItem(
  fields: Readonly<Record<string, unknown>>,
  caller: ApiKey,
  nowMs: number,
): SignedRequest {
  const { timestamp, body, signature } = readFields(SignedWithdrawalDto, fields);
  if (!isInWindow(timestamp, nowMs)) throw PublicError.of('outside_window');
  const request = { ...SIGNED_ROUTE, timestamp, body };
  if (provenBy(caller, request, signature, nowMs) === null)
    throw PublicError.of('invalid_signature');
  return { keyId: caller.keyId, timestamp, body, signature };
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw ApiError.invalid(['withdrawal: Input should be a valid object']);
  if (value instanceof NumberText)
    throw ApiError.invalid(['withdrawal: Input should be a valid object']);
  return value as Readonly<Record<string, unknown>>;
}

/** Returns the item's reference, if readable, to match the answer to the item. */
function referenceIn(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return null;
  const { client_reference: reference } = value as Readonly<Record<string, unknown>>;
  return typeof reference === 'string' ? reference : null;
}
