export {
  ClosedWithdrawalDto,
  GivenNonceDto,
  WithdrawalIdsDto,
  BatchSignatureDto,
  MOST_SIGNED_AT_ONCE,
  SignatureBatchDto,
  SIGNATURE_KINDS,
  SignatureDto,
  SignatureRequestDto,
  type SignatureKind,
} from './signature.dto.js';
export { openKeys, sealKeys } from './sealed-keys.js';
export {
  SignerClient,
  type SignOutcome,
  SIGNER_REFUSALS,
  type SignerRefusal,
} from './signer-client.js';
