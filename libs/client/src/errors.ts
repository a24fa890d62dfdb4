/** `ErrorOptions` of ES2022, for programs that are compiled for an older one. */
interface CausedBy {
  readonly cause?: unknown;
}

/** Everything that this package throws, but for arguments that make no sense (`TypeError`) and your own `signal`. */
export class SluiceError extends Error {
  constructor(message: string, options?: CausedBy) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** A question that changes nothing was not answered, as often as it was asked. `cause` is the last fault. */
export class NoAnswerError extends SluiceError {}

/**
 * The answer was lost: what was asked for may have happened, or may still happen. **It is no failure.** Make the same call again with the same
 * reference; never pay the same thing under another one.
 */
export class OutcomeUnknownError extends SluiceError {
  /** The references of what was asked for, in its order; empty where the call has none. */
  readonly references: readonly string[];
  /** After this instant no request of this call can be taken any more: a refusal that is asked for then is the last word. */
  readonly settlesAt: Date;

  constructor(request: string, about: UnknownOutcome) {
    const named = about.references.length > 0 ? ` of ${about.references.join(', ')}` : '';
    super(
      `The outcome${named} is unknown: ${request} was not answered. Ask again, do not pay anew`,
      {
        cause: about.cause,
      },
    );
    this.references = about.references;
    this.settlesAt = about.settlesAt;
  }

  /** The client reference, where the call has one and only one. */
  get reference(): string | null {
    return this.references.length === 1 ? (this.references[0] ?? null) : null;
  }
}

export interface UnknownOutcome {
  readonly references: readonly string[];
  readonly settlesAt: Date;
  /** Why there is no answer, or the answer to a later attempt, which says nothing about the earlier one. */
  readonly cause: unknown;
}

/** A withdrawal has not come as far as was waited for. It goes on. */
export class StillPendingError extends SluiceError {
  constructor(
    readonly withdrawalId: number,
    options?: CausedBy,
  ) {
    super(`Withdrawal ${withdrawalId} was not seen to end in this time`, options);
  }
}
