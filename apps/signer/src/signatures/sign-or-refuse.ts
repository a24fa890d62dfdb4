import type { RawTransaction } from '@sluice/evm';
import { ApiError } from '@sluice/http-api';
import { SIGNER_REFUSALS, type SignatureRequestDto } from '@sluice/signer-api';
import { countAnswer } from './signature-metrics.js';
import type { Signatures } from './signatures.js';

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
