import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { type Bytes, constantTimeEqual, hmacHex, sha256Hex } from './digest.js';

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

/** SPKI prefix of a 32-byte Ed25519 key. */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');
const SPKI_BYTES = SPKI.length + 32;
const SIGNATURE = /^[0-9a-f]{128}$/;

/** Parsed public keys, few per customer: parsing takes longer than a hash. */
const known = new Map<string, KeyObject>();
const MOST_KNOWN = 10_000;

/** SPKI (DER) of an Ed25519 key in canonical base64, the line inside of a PEM. */
export function isIntakePublicKey(text: string): boolean {
  const bytes = Buffer.from(text, 'base64');
  return (
    bytes.length === SPKI_BYTES &&
    bytes.subarray(0, SPKI.length).equals(SPKI) &&
    bytes.toString('base64') === text
  );
}

/** The `X-CPG-Signature` header of an Ed25519 key, lower-case hex. */
export function signIntakeEd25519(privateKey: KeyObject, request: IntakeRequest): string {
  return sign(null, Buffer.from(intakeCanonical(request)), privateKey).toString('hex');
}

/** True if the key's owner signed the request; false for malformed input. */
export function verifyIntakeEd25519(
  publicKey: string,
  request: IntakeRequest,
  signature: string,
): boolean {
  if (!SIGNATURE.test(signature) || !isIntakePublicKey(publicKey)) return false;
  const canonical = Buffer.from(intakeCanonical(request));
  return verify(null, canonical, keyOf(publicKey), Buffer.from(signature, 'hex'));
}

/**
 * Identity of a signed request for replay stores, 64 hex digits: a request has many valid Ed25519
 * signatures.
 */
export function signedRequestDigest(publicKey: string, request: IntakeRequest): string {
  return sha256Hex(`${publicKey}\n${intakeCanonical(request)}`);
}

function keyOf(publicKey: string): KeyObject {
  const found = known.get(publicKey);
  if (found) return found;
  const key = createPublicKey({
    key: Buffer.from(publicKey, 'base64'),
    format: 'der',
    type: 'spki',
  });
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(publicKey, key);
  return key;
}
