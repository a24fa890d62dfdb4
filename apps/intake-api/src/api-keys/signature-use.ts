import { setTimeout as sleep } from 'node:timers/promises';

/** Longest delay of an answer by a release; the release continues afterwards. */
const RELEASE_WITHIN_MS = 1_000;

/**
 * Use of a request's signature. The signature stays used unless the request is known to have stored
 * nothing when it ends with `5xx`.
 */
export class SignatureUse {
  constructor(
    private readonly release: () => Promise<void>,
    /** True for a request that only reads. */
    private storesNothing: boolean,
  ) {}

  /** States that the request has stored nothing, and that no work in progress can store anything. */
  nothingStored(): void {
    this.storesNothing = true;
  }

  /** States that the request may store something from now on. */
  mayBeStored(): void {
    this.storesNothing = false;
  }

  /** Releases the signature of a request that ends with `5xx`, if the request has stored nothing. */
  async endWithFault(): Promise<void> {
    if (this.storesNothing) await inReleaseTime(this.release());
  }
}

/** Waits for a release, but no longer than an answer may be delayed. */
export async function inReleaseTime(releasing: Promise<void>): Promise<void> {
  await Promise.race([releasing, sleep(RELEASE_WITHIN_MS, undefined, { ref: false })]);
}
