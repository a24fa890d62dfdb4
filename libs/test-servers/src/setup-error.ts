/** Something a person has to put right before the stack can start; the message says what and how. */
export class SetupError extends Error {
  override readonly name = 'SetupError';
}
