import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { HttpException } from '@nestjs/common';
import { type Database, forAllAccounts, isInfrastructureFault } from '@sluice/postgres';
import { Batcher, monotonicMs } from '@sluice/runtime';
import { DeadlineError } from '../http/deadline.js';
import type { PublicError } from '../http/public-error.js';
import {
  type Admission,
  NotAdmittedError,
  type PendingAdmission,
  type SignedAttempt,
} from './pending-admission.js';

/** Longest delay of an answer by a release; the release continues afterwards. */
const RELEASE_WITHIN_MS = 1_000;

interface AdmittedSignature {
  /** Null if the signature is stored already. */
  readonly pending: PendingAdmission | null;
  admit(pending: PendingAdmission): Promise<Admission>;
  /** Makes the signature new again. Never rejects. */
  release(): Promise<void>;
  refusalOf(admission: NotAdmittedError['admission']): Promise<PublicError>;
}

/** The signature stays used unless a request ending with `5xx` is known to have stored nothing. */
export class SignatureUse {
  readonly pending: PendingAdmission | null;

  constructor(
    private readonly signature: AdmittedSignature,
    /** True for a request that only reads. */
    private storesNothing: boolean,
  ) {
    this.pending = signature.pending;
  }

  /** States that the request has stored nothing, and that no work in progress can store anything. */
  nothingStored(): void {
    this.storesNothing = true;
  }

  /** States that the request may store something from now on. */
  mayBeStored(): void {
    this.storesNothing = false;
  }

  /**
   * Stores the signature, unless it is stored or part of a commit. Throws the refusal of a replay,
   * which comes before every later refusal.
   */
  async admitNow(): Promise<void> {
    if (this.pending === null || this.pending.mayBeStored) return;
    const admission = await this.signature.admit(this.pending);
    if (admission !== 'admitted') throw await this.signature.refusalOf(admission);
  }

  /**
   * Returns the error to answer with. Releases the signature of a request that ends with `5xx` and
   * has stored nothing. An unavailable database stores no signature.
   */
  async endWith(error: unknown): Promise<unknown> {
    if (error instanceof NotAdmittedError) return this.signature.refusalOf(error.admission);
    const isAway = error instanceof DeadlineError || isInfrastructureFault(error);
    if (!isAway) await this.admitNow();
    if (isFault(error) && this.storesNothing) await inReleaseTime(this.signature.release());
    return error;
  }
}

/** True for an error that is answered with `5xx`. */
function isFault(error: unknown): boolean {
  return !(error instanceof HttpException) || error.getStatus() >= 500;
}

/** Waits for a release, but no longer than an answer may be delayed. */
export async function inReleaseTime(releasing: Promise<void>): Promise<void> {
  await Promise.race([releasing, sleep(RELEASE_WITHIN_MS, undefined, { ref: false })]);
}

interface Release {
  readonly attempt: SignedAttempt;
  /** Secret of the statement that stored the signature. */
  readonly key: Buffer;
  readonly sinceMs: number;
}

const KEY_BYTES = 16;
const AGAIN_AFTER_MS = 500;
/** Afterwards the signature is outside the window of admission, in any case. */
const OF_USE_FOR_MS = 660_000;
/** Maximum number of releases kept while the database is unavailable; further signatures stay used. */
const MOST_WAITING = 1_000;

/**
 * Releases signatures of requests without an effect. A release needs the secret whose hash
 * admission has stored: a database login alone cannot make a used signature new.
 */
export class SignatureReleases {
  private readonly keys = new WeakMap<SignedAttempt, Buffer>();
  private readonly batcher = new Batcher<Release, void>((releases) =>
    forAllAccounts(() => this.releaseAll(releases)),
  );
  private waiting: Release[] = [];
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly database: Database) {}

  /** True while the database has not taken a release. */
  get areWaiting(): boolean {
    return this.waiting.length > 0;
  }

  /**
   * Returns the hash to store. The attempts count as stored from now on: the answer may be lost.
   */
  newKey(attempts: readonly SignedAttempt[]): Buffer {
    const key = randomBytes(KEY_BYTES);
    for (const attempt of attempts) this.keys.set(attempt, key);
    return createHash('sha256').update(key).digest();
  }

  /** An earlier request has used the signature of this attempt: the attempt releases nothing. */
  forget(attempt: SignedAttempt): void {
    this.keys.delete(attempt);
  }

  /**
   * Makes the signature new if this attempt has stored it. Never rejects: a failed release is
   * repeated.
   */
  async release(attempt: SignedAttempt): Promise<void> {
    const key = this.keys.get(attempt);
    if (key !== undefined) await this.tryRelease({ attempt, key, sinceMs: monotonicMs() });
  }

  async repeat(): Promise<void> {
    await Promise.all(this.waiting.splice(0).map((one) => this.tryRelease(one)));
  }

  private async tryRelease(release: Release): Promise<void> {
    try {
      await this.batcher.add(release);
    } catch {
      this.tryLater(release);
    }
  }

  private tryLater(release: Release): void {
    if (this.waiting.length >= MOST_WAITING) return;
    if (monotonicMs() - release.sinceMs > OF_USE_FOR_MS) return;
    this.waiting.push(release);
    this.timer ??= setTimeout(() => {
      this.timer = null;
      void this.repeat();
    }, AGAIN_AFTER_MS).unref();
  }

  private async releaseAll(releases: readonly Release[]): Promise<void> {
    await this.database.query('SELECT release_signatures($1::int[], $2::bytea[], $3::bytea[])', [
      releases.map(({ attempt }) => Math.floor(attempt.timestamp / 60)),
      releases.map(({ attempt }) => Buffer.from(attempt.signature, 'hex')),
      releases.map(({ key }) => key),
    ]);
  }
}
