import { HttpException } from '@nestjs/common';
import { failure } from './envelope.js';

/** A refusal on its way to the client: a status, a stable sentence, and headers that belong to it. */
export class ApiError extends HttpException {
  override readonly name = 'ApiError';

  constructor(
    status: number,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
    /** What the refusal is about, where that exists. */
    readonly data?: object,
  ) {
    super(failure(message), status);
    this.message = message; // the base class would take it from its own list of statuses
  }

  static notFound(message: string): ApiError {
    return new ApiError(404, message);
  }

  /** What was read has changed meanwhile, or does not allow this. */
  static conflict(message: string): ApiError {
    return new ApiError(409, message);
  }

  /** All faults of a body, a query or a path at once, each as `field: reason`. */
  static invalid(faults: readonly string[]): ApiError {
    return new ApiError(422, faults.join('; '));
  }
}
