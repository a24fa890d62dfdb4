/**
 * Thrown by a handler to reject specific messages of a batch, with a cause for each message.
 * Rejected messages are dead-lettered immediately, and the other messages are handled without them.
 * For any other error the consumer bisects the batch, with a handler call for each half.
 */
export class RefusedMessages extends Error {
  /** @param causes By message id; not empty. */
  constructor(readonly causes: ReadonlyMap<string, string>) {
    super([...causes.values()][0]);
    this.name = 'RefusedMessages';
  }
}
