/** Why a service gave no answer to work with. */
export type AdminFailure =
  | { readonly kind: 'unreachable'; readonly message: string; readonly cause: unknown }
  | { readonly kind: 'refused'; readonly status: number; readonly message: string }
  | { readonly kind: 'broken'; readonly status: number; readonly message: string };

/** Thrown by every call of the admin client that was not answered with success. */
export class AdminError extends Error {
  override readonly name = 'AdminError';

  constructor(
    readonly service: string,
    readonly failure: AdminFailure,
  ) {
    super(
      `${service}: ${failure.message}`,
      failure.kind === 'unreachable' ? { cause: failure.cause } : {},
    );
  }

  /** The status of a refusal or of a failure inside the service; null where there was no answer. */
  get status(): number | null {
    return this.failure.kind === 'unreachable' ? null : this.failure.status;
  }
}
