import { SetupError } from '@sluice/test-servers';

/** The value of `--brokers`; undefined where it was not given. */
export function brokersOption(text: string | undefined): { readonly brokers?: 1 | 3 } {
  if (text === undefined) return {};
  if (text === '1') return { brokers: 1 };
  if (text === '3') return { brokers: 3 };
  throw new SetupError(`--brokers takes 1 or 3, not ${text}`);
}
