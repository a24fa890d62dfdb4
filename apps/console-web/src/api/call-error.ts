/** Why a call has no successful answer. */
type CallFailure =
  /** The answer was lost, or did not come: the effect of a change is unknown. */
  | 'no_answer'
  /** The service or the console refused the call. */
  | 'refused'
  /** The service failed; a change may or may not have happened. */
  | 'broken'
  /** The session has ended. */
  | 'session_ended';

/** Error of a call without a successful answer. */
export class CallError extends Error {
  override readonly name = 'CallError';

  constructor(
    /** The asked service; `console` for the console's own server. */
    readonly service: string,
    readonly failure: CallFailure,
    message: string,
    /** Null without an answer. */
    readonly status: number | null = null,
    /** Stable code of a refusal, for example `passkey_required`. */
    readonly code: string | null = null,
  ) {
    super(message);
  }
}

/** Sorts an answer without success by its status. A gateway's 502 and 504 give no result. */
export function failureOf(status: number): CallFailure {
  if (status === 401) return 'session_ended';
  if (status === 502 || status === 504) return 'no_answer';
  return status >= 400 && status < 500 ? 'refused' : 'broken';
}
