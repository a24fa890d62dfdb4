export { ClosedWithdrawalDto, GivenNonceDto, WithdrawalIdsDto } from './given-nonce.dto.js';
export { openKeys, sealKeys } from './sealed-keys.js';
export {
  BatchSignatureDto,
  MOST_SIGNED_AT_ONCE,
  SignatureBatchDto,
} from './signature-batch.dto.js';
export {
  SIGNATURE_KINDS,
  SignatureDto,
  SignatureRequestDto,
  type SignatureKind,
} from './signature.dto.js';
export { SignerClient, type SignOutcome } from './signer-client.js';
export { SIGNER_REFUSALS, type SignerRefusal } from './signer-refusals.js';
