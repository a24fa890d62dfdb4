import { sha256Hex } from './bytes.js';
import { canonicalJson } from './canonical-json.js';

/** Request of a first person, as the page shows it. */
interface ShownRequest {
  readonly action: string;
  readonly target: string;
  readonly request: object;
}

/** Digest of the displayed request. Equals the service's `digest` only for the same content. */
export function approvalDigest({ action, target, request }: ShownRequest): Promise<string> {
  return sha256Hex(`${action}\n${target}\n${canonicalJson(request)}`);
}

/** Digest of the displayed content of a payment. */
export function paymentDigest(content: string): Promise<string> {
  return sha256Hex(`sluice payment approval 1\n${content}`);
}
