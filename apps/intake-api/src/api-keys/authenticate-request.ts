import { Injectable } from '@nestjs/common';
import type { Permission } from '@sluice/http-api';
import { ok, refuse, type Result } from '@sluice/kernel';
import { Database } from '@sluice/postgres';
import { isListed } from '@sluice/service-shell';
import {
  constantTimeEqual,
  type IntakeRequest,
  signedRequestDigest,
  signIntake,
  verifyIntakeEd25519,
} from '@sluice/signing';
import { DeadlineError, LOOK_UP_WITHIN_MS, withDeadline } from '../http/deadline.js';
import { AdmissionStore } from './admission.js';
import { type ApiKey, KeyStore } from './key-store.js';
import type { Admission, PendingAdmission, SignedAttempt } from './pending-admission.js';
import { inReleaseTime } from './signature-use.js';

interface Authenticated {
  readonly apiKey: ApiKey;
  /** Set if the signature is not stored yet. */
  readonly pending: PendingAdmission | null;
  /** Makes the signature new again. Never rejects. */
  readonly release: () => Promise<void>;
}

interface RouteNeeds {
  readonly permission: Permission | null;
  /** True if an order's transaction may store the signature. */
  readonly admitsWithOrder: boolean;
}

/** Authenticates a request with the stored keys, within the time limit of a look-up. */
@Injectable()
export class AuthenticateRequest {
  constructor(
    private readonly keys: KeyStore,
    private readonly admission: AdmissionStore,
    private readonly database: Database,
  ) {}

  /**
   * Throws DeadlineError, or the fault of the database: nothing was stored, and the signature is
   * released.
   */
  async run(
    request: ReceivedRequest,
    { permission, admitsWithOrder }: RouteNeeds,
  ): Promise<Result<Authenticated, AuthenticationRefusal>> {
    let attempt: SignedAttempt | null = null;
    let pending: PendingAdmission | null = null;
    const release = async (): Promise<void> => {
      if (attempt !== null) await this.admission.release(attempt);
    };
    const proving = authenticate(request, permission, {
      findKey: (keyId) => this.keys.find(keyId),
      admit: async (signed, isPermitted) => {
        pending = admitsWithOrder && isPermitted ? this.admission.putOff(signed) : null;
        attempt = pending?.attempt ?? signed;
        return pending === null ? this.admission.admit(signed) : 'admitted';
      },
      now: () => this.database.clock.now().getTime(),
    });
    const proven = await inLookUpTime(proving, release);
    return proven.ok ? ok({ apiKey: proven.value, pending, release }) : proven;
  }

  /** Stores the signature of a pending admission by itself. Throws as `run`. */
  admit(pending: PendingAdmission): Promise<Admission> {
    return inLookUpTime(this.admission.admitPending(pending), () =>
      this.admission.release(pending.attempt),
    );
  }
}

async function inLookUpTime<T>(work: Promise<T>, release: () => Promise<void>): Promise<T> {
  try {
    return await withDeadline(work, LOOK_UP_WITHIN_MS, 'unavailable');
  } catch (error) {
    const releasing = work.then(release, release);
    if (!(error instanceof DeadlineError)) await inReleaseTime(releasing);
    throw error;
  }
}

export interface ReceivedRequest {
  readonly method: string;
  /** Path as sent, without the query. */
  readonly path: string;
  /** Query as sent, without `?`. */
  readonly query: string;
  readonly body: Buffer;
  readonly keyId: string | undefined;
  readonly timestamp: string | undefined;
  readonly signature: string | undefined;
  /** Client's address, as far as known. */
  readonly ip: string;
}

export interface AuthenticatorPorts {
  findKey(keyId: string): Promise<ApiKey | null>;
  /** `isPermitted`: all other checks of the key are passed. */
  admit(attempt: SignedAttempt, isPermitted: boolean): Promise<Admission>;
  /** Time of the database's clock: the window is identical in every instance. */
  now(): number;
}

/** The contract's refusals, by their names in `PUBLIC_ERRORS`. */
type AuthenticationRefusal =
  | 'missing_headers'
  | 'outside_window'
  | 'invalid_key'
  | 'invalid_signature'
  | 'signature_used'
  | 'ip_not_allowed'
  | 'rate_limited'
  | 'permission_missing';

const WINDOW_SECONDS = 300;

/** Authenticates a request in the order of docs/api.md; each step relies on the previous steps. */
export async function authenticate(
  request: ReceivedRequest,
  permission: Permission | null,
  ports: AuthenticatorPorts,
): Promise<Result<ApiKey, AuthenticationRefusal>> {
  const { keyId, timestamp, signature } = request;
  if (!keyId || !timestamp || !signature) return refuse('missing_headers');
  if (!isInWindow(timestamp, ports.now())) return refuse('outside_window');
  const key = await ports.findKey(keyId);
  if (!key || isOver(key.expiresAt, ports.now())) return refuse('invalid_key');

  // The replay store is keyed on what we computed, never on the header's text: a copy in other letters is the same signature.
  const computed = provenBy(key, { ...request, timestamp }, signature, ports.now());
  if (computed === null) return refuse('invalid_signature');

  const fromAllowedIp = isAllowed(request.ip, key.allowedIps);
  const hasPermission = permission === null || key.permissions.has(permission);
  const attempt = { signature: computed, timestamp: Number(timestamp), keyId };
  const admission = await ports.admit(
    { ...attempt, rateLimit: key.rateLimit, counts: fromAllowedIp },
    fromAllowedIp && hasPermission,
  );
  if (admission === 'outside_window') return refuse('outside_window');
  if (admission === 'signature_used') return refuse('signature_used');
  if (!fromAllowedIp) return refuse('ip_not_allowed');
  if (admission === 'rate_limited') return refuse('rate_limited');
  if (!hasPermission) return refuse('permission_missing');
  return ok(key);
}

/**
 * Returns the identity of the request, 64 hex digits; null if no secret or public key verifies the
 * signature.
 */
export function provenBy(
  key: ApiKey,
  request: IntakeRequest,
  signature: string,
  nowMs: number,
): string | null {
  const secrets = secretsOf(key, nowMs);
  if (key.algorithm === 'ed25519') {
    const publicKey = secrets.find((one) => verifyIntakeEd25519(one, request, signature));
    return publicKey === undefined ? null : signedRequestDigest(publicKey, request);
  }
  return (
    secrets
      .map((secret) => signIntake(secret, request))
      .find((expected) => constantTimeEqual(expected, signature)) ?? null
  );
}

/** Returns the newest secret or public key, and during the overlap also the previous. */
function secretsOf({ secret, previous }: ApiKey, nowMs: number): readonly string[] {
  return previous === null || isOver(previous.until, nowMs) ? [secret] : [secret, previous.secret];
}

function isOver(until: Date | null, nowMs: number): boolean {
  return until !== null && until.getTime() <= nowMs;
}

/** Whole seconds as text, at most 300 s from now either way; exactly 300 passes. */
export function isInWindow(timestamp: string, nowMs: number): boolean {
  return (
    /^\d{1,12}$/.test(timestamp) &&
    Math.abs(Number(timestamp) - Math.floor(nowMs / 1000)) <= WINDOW_SECONDS
  );
}

/** An empty list allows every address. */
function isAllowed(ip: string, allowed: readonly string[]): boolean {
  return allowed.length === 0 || isListed(ip, allowed);
}
