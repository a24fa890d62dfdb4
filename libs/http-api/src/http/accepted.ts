/**
 * Result of a controller for a request accepted but not yet processed; answered with status 202.
 */
export class Accepted<T> {
  constructor(readonly data: T) {}
}
