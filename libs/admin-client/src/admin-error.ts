/** Why a service gave no answer to work with. */
type AdminFailure =
  | { readonly kind: 'unreachable'; readonly message: string; readonly cause: unknown }
  | { readonly kind: 'refused'; readonly status: number; readonly message: string }
  | { readonly kind: 'broken'; readonly status: number; readonly message: string };

/** Error of a call of the admin client without a successful answer. */
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

  /**
   * HTTP status of a refusal or of a failure inside the service; null if the service did not
   * answer.
   */
  get status(): number | null {
    return this.failure.kind === 'unreachable' ? null : this.failure.status;
  }
}

/** Maps a 404 to undefined: the object is unknown, or the service's version lacks the route. */
export async function ifThere<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof AdminError && error.status === 404) return undefined;
    throw error;
  }
}
