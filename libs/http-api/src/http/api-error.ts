import { HttpException } from '@nestjs/common';
import { failure } from './envelope.js';

/** Error response to the client: a status, a stable message, and response headers. */
export class ApiError extends HttpException {
  override readonly name = 'ApiError';

  constructor(
    status: number,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
    /** Subject of the refusal, if available. */
    readonly data?: object,
  ) {
    // A message may quote a cut input: UTF-8 has no half of a surrogate pair.
    const text = message.toWellFormed();
    super(failure(text), status);
    this.message = text; // the base class would use the status text as message
  }

  static notFound(message: string): ApiError {
    return new ApiError(404, message);
  }

  /**
   * Returns a 409: the resource has changed since the read, or the state does not allow the
   * operation.
   */
  static conflict(message: string): ApiError {
    return new ApiError(409, message);
  }

  /** All faults of a body, a query or a path at once, each as `field: reason`. */
  static invalid(faults: readonly string[]): ApiError {
    return new ApiError(422, faults.join('; '));
  }
}
