import { Injectable } from '@nestjs/common';
import { type AdminRequest, ApiError, readFields } from '@sluice/http-api';
import { isObject, NumberText } from '@sluice/kernel';
import { isInfrastructureFault } from '@sluice/postgres';
import { InjectLogger, type Logger, RefusedItems } from '@sluice/service-shell';
import {
  type BatchSignatureDto,
  type SignatureBatchDto,
  type SignatureDto,
  SignatureRequestDto,
} from '@sluice/signer-api';
import { signOrRefuse } from './sign-or-refuse.js';
import { Signatures } from './signatures.js';

type ItemAnswer = Omit<BatchSignatureDto, 'index'>;

/**
 * Signs a batch. Each item is a separate request: with the checks, the caps, the records, the
 * refusals and the audit entries of `POST /internal/signatures`. All items are requested at once,
 * therefore they share the transactions of `Signatures`: one for the nonces, one for the signatures.
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
