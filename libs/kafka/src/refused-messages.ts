/**
 * Thrown by a handler that knows which messages of its batch cannot be processed, and why. These are dead-lettered at once, and the others
 * are handled without them. Any other error makes the consumer search for the bad message in halves, which takes a call for each half.
 */
export class RefusedMessages extends Error {
  /** @param causes By message id; not empty. */
  constructor(readonly causes: ReadonlyMap<string, string>) {
    super([...causes.values()][0]);
    this.name = 'RefusedMessages';
  }
}
