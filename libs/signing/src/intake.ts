import { constantTimeEqual, hmacHex, sha256Hex, type Bytes } from './digest.js';

/** A request to the intake API as sent. */
export interface IntakeRequest {
  /** The literal text of the `X-CPG-Timestamp` header. */
  readonly timestamp: string;
  readonly method: string;
  /** Path as sent, without host and query. */
  readonly path: string;
  /** Query as sent, without `?`: neither sorted nor decoded. */
  readonly query: string;
  readonly body: Bytes;
}

/** Returns the string signed by a key of the intake API. */
export function intakeCanonical(request: IntakeRequest): string {
  return [
    request.timestamp,
    request.method.toUpperCase(),
    request.path,
    request.query,
    sha256Hex(request.body),
  ].join('\n');
}

/** The `X-CPG-Signature` header, lower-case hex. Key a replay store on this, never on the header's text. */
export function signIntake(secret: string, request: IntakeRequest): string {
  return hmacHex('sha256', secret, intakeCanonical(request));
}

/** True only for the exact lower-case signature. */
export function verifyIntake(secret: string, request: IntakeRequest, signature: string): boolean {
  return constantTimeEqual(signIntake(secret, request), signature);
}
