/**
 * A problem to be fixed by a person before the stack can start. The message contains the problem
 * and the remedy.
 */
export class SetupError extends Error {
  override readonly name = 'SetupError';
}
