import { SetupError } from '@sluice/test-servers';

/**
 * Parses the value of `--brokers`. Returns an empty object if the option is absent. Throws a
 * SetupError for values other than 1 and 3.
 */
export function brokersOption(text: string | undefined): { readonly brokers?: 1 | 3 } {
  if (text === undefined) return {};
  if (text === '1') return { brokers: 1 };
  if (text === '3') return { brokers: 3 };
  throw new SetupError(`--brokers must be 1 or 3, not ${text}`);
}
