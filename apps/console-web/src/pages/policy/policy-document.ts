import type { CurrencyTermsDto } from '@sluice/http-api';
import { compareAmounts } from '../../format/amount.js';

interface PolicyDocument {
  readonly policy: object | null;
  /** Why the text is no document; null if it is, or is empty. */
  readonly fault: string | null;
}

/** Reads a pasted rule set. The ledger checks its rules. */
export function policyDocument(text: string): PolicyDocument {
  if (text.trim() === '') return { policy: null, fault: 'Paste or choose a rule set.' };
  try {
    const document: unknown = JSON.parse(text);
    if (typeof document === 'object' && document !== null && !Array.isArray(document))
      return { policy: document, fault: null };
  } catch {
    return { policy: null, fault: 'The text is no JSON.' };
  }
  return { policy: null, fault: 'The text is no JSON object.' };
}

type Terms = Pick<CurrencyTermsDto, 'currency' | 'network' | 'state' | 'min_withdrawal_amount'>;

/**
 * Names each limit in units of an asset below the smallest withdrawal of the asset: such a limit
 * refuses every withdrawal.
 */
export function tooLowLimits(policy: object, terms: readonly Terms[]): readonly string[] {
  const { rules } = policy as { readonly rules?: unknown };
  return listOf(rules).flatMap((rule) => {
    const { name, unit, assets, max } = Object(rule) as Readonly<Record<string, unknown>>;
    if (unit !== 'asset' || typeof max !== 'string') return [];
    return listOf(assets).flatMap((asset) => {
      const minimum = terms.find(
        ({ currency, network, state }) =>
          `${currency}.${network}` === asset && state === 'in_force',
      )?.min_withdrawal_amount;
      return minimum === undefined || !isDecimal(max) || compareAmounts(max, minimum) >= 0
        ? []
        : [
            `Rule ${String(name)} allows ${max} ${String(asset)}, and the smallest withdrawal is ${minimum}.`,
          ];
    });
  });
}

function isDecimal(text: string): boolean {
  return /^\d{1,24}(\.\d{1,30})?$/.test(text);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}
