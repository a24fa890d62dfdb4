import { SetupError } from '@sluice/test-servers';

/** Reads a number above 0. Throws a readable error for any other text. */
export function positive(option: string, text: string): number {
  const number = Number(text);
  if (Number.isFinite(number) && number > 0) return number;
  throw new SetupError(`${option} must be a number above 0, not ${text}`);
}
