/** `ErrorOptions` of ES2022, for programs compiled for an older target. */
interface CausedBy {
  readonly cause?: unknown;
}

/**
 * Base class of all errors of this package, except `TypeError` for invalid arguments and aborts by
 * your own `signal`.
 */
export class SluiceError extends Error {
  constructor(message: string, options?: CausedBy) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** A read-only request was not answered in any attempt. `cause` is the last fault. */
export class NoAnswerError extends SluiceError {}

/**
 * The response was lost: the requested action may have happened, or may still happen. **This is not
 * a failure.** Repeat the same call with the same reference; never pay the same order under another
 * reference.
 */
export class OutcomeUnknownError extends SluiceError {
  /**
   * References of the requested orders, in the order of the request; empty for a call without
   * references.
   */
  readonly references: readonly string[];
  /**
   * After this instant the API can no longer accept any request of this call. A rejection received
   * for a later request is final.
   */
  readonly settlesAt: Date;

  constructor(request: string, about: UnknownOutcome) {
    const named = about.references.length > 0 ? ` of ${about.references.join(', ')}` : '';
    super(
      `The outcome${named} is unknown: ${request} was not answered. Repeat the request with the same reference; do not create another payment`,
      {
        cause: about.cause,
      },
    );
    this.references = about.references;
    this.settlesAt = about.settlesAt;
  }

  /** The client reference of a call with a single reference; otherwise null. */
  get reference(): string | null {
    return this.references.length === 1 ? (this.references[0] ?? null) : null;
  }
}

interface UnknownOutcome {
  readonly references: readonly string[];
  readonly settlesAt: Date;
  /**
   * Cause of the missing response, or the response to a later attempt. A later response proves
   * nothing about the earlier attempt.
   */
  readonly cause: unknown;
}

/**
 * A withdrawal has not reached the expected state within the time limit. The withdrawal continues.
 */
export class StillPendingError extends SluiceError {
  constructor(
    readonly withdrawalId: number,
    options?: CausedBy,
  ) {
    super(`Withdrawal ${withdrawalId} was not seen to end in this time`, options);
  }
}
