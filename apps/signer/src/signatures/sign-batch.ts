import { Injectable } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { Counter } from 'prom-client';
import type { RawTransaction } from '@sluice/evm';
import { type AdminRequest, ApiError, readFields } from '@sluice/http-api';
import { isObject, NumberText } from '@sluice/kernel';
import { isInfrastructureFault } from '@sluice/postgres';
import {
  InjectLogger,
  type Logger,
  RefusedItems,
  startAtZero,
  type TableGauge,
} from '@sluice/service-shell';
import {
  type BatchSignatureDto,
  SIGNATURE_KINDS,
  type SignatureBatchDto,
  type SignatureDto,
  type SignatureKind,
  SignatureRequestDto,
  SIGNER_REFUSALS,
  type SignerRefusal,
} from '@sluice/signer-api';
import { Signatures } from './signatures.js';

type ItemAnswer = Omit<BatchSignatureDto, 'index'>;

/**
 * Signs a batch: each item is a request of `POST /internal/signatures`, and all share the
 * transactions of `Signatures`.
 */
@Injectable()
export class SignBatch {
  constructor(
    private readonly signatures: Signatures,
    private readonly refusedItems: RefusedItems,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  /** Returns an answer for each item, in order. Never rejects because of an item. */
  run(
    { requests, permit }: SignatureBatchDto,
    call: AdminRequest,
  ): Promise<readonly BatchSignatureDto[]> {
    return Promise.all(
      requests.map(async (item, index) => ({ index, ...(await this.answer(item, permit, call)) })),
    );
  }

  private async answer(
    item: unknown,
    permit: string | undefined,
    call: AdminRequest,
  ): Promise<ItemAnswer> {
    try {
      return signedAnswer(await signOrRefuse(this.signatures, requestIn(item, permit)));
    } catch (error) {
      const { status, message } = this.refusalOf(error);
      const isAudited = await this.refusedItems.record(call, { item, status, refusal: message });
      return isAudited ? refusedAnswer(status, message) : UNAVAILABLE;
    }
  }

  private refusalOf(error: unknown): { readonly status: number; readonly message: string } {
    if (error instanceof ApiError) return { status: error.getStatus(), message: error.message };
    const isAway = isInfrastructureFault(error);
    if (isAway) this.logger.warn({ err: error }, 'a request of a batch was not served');
    else this.logger.error({ err: error }, 'a request of a batch failed');
    return isAway
      ? { status: UNAVAILABLE.status_code, message: UNAVAILABLE.message }
      : { status: 500, message: 'Internal server error' };
  }
}

/** Reads an item as the body of a single request. Throws ApiError with every fault. */
function requestIn(item: unknown, permit: string | undefined): SignatureRequestDto {
  if (!isObject(item) || item instanceof NumberText)
    throw ApiError.invalid(['request: Input should be a valid object']);
  const request = readFields(SignatureRequestDto, item);
  if (permit !== undefined && request.kind === 'payment') request.permit ??= permit;
  return request;
}

function signedAnswer(data: SignatureDto): ItemAnswer {
  return { status_code: 200, message: 'OK', data };
}

function refusedAnswer(status: number, message: string): ItemAnswer {
  return { status_code: status, message, data: null };
}

/** The outcome is unknown, and the caller retries. */
const UNAVAILABLE: ItemAnswer = {
  status_code: 503,
  message: 'Service temporarily unavailable',
  data: null,
};

/** Signs and counts a request. Throws ApiError for a refusal. */
export async function signOrRefuse(
  signatures: Pick<Signatures, 'sign'>,
  request: SignatureRequestDto,
): Promise<RawTransaction> {
  const signed = await signatures.sign(request);
  countAnswer(request.kind, signed.ok ? 'signed' : signed.refusal);
  if (signed.ok) return signed.value;
  const [status, message] = SIGNER_REFUSALS[signed.refusal];
  throw new ApiError(status, message);
}

const answers = new Counter({
  name: 'sluice_signer_answers_total',
  help: 'Requests by what became of them: signed, or the name of the refusal. A receipt_wrong, digest_wrong, nonce_taken or destination_ours is an incident: somebody else speaks for the connector',
  labelNames: ['kind', 'answer'],
});

startAtZero(answers, {
  kind: SIGNATURE_KINDS,
  answer: ['signed', ...Object.keys(SIGNER_REFUSALS)],
});

export function countAnswer(kind: SignatureKind, answer: 'signed' | SignerRefusal): void {
  answers.inc({ kind, answer });
}

export const SIGNER_GAUGES: readonly TableGauge[] = [
  {
    name: 'sluice_signer_hour_amount',
    help: 'What was signed away in this hour, by what for and asset, in units of the asset; gas as the most that it may cost',
    labels: ['spending', 'asset'],
    sql: `SELECT spending, asset, CASE WHEN hour >= date_trunc('hour', now(), 'UTC') THEN amount ELSE 0 END::float8 AS value FROM signed_total`,
  },
];

/** 100 requests with the longest fields, and a permit. */
const BATCH_BYTES = 262_144;

/** A batch is larger than any other body. To be called before the routes are made. */
export function acceptBatchBodies(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', (route) => {
    if (route.url === '/internal/signatures/batch') route.bodyLimit = BATCH_BYTES;
  });
}
