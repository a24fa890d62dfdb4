/** Answered by a controller that has taken a request and not done it yet: 202. */
export class Accepted<T> {
  constructor(readonly data: T) {}
}
