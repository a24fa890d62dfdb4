import { originOf } from '@sluice/connector-rules';
import { ok, remittanceWords, type Destination, type Result } from '@sluice/kernel';

/**
 * Returns the text for the bank statement: our reference as the mark of our records, followed by
 * the customer's words. Our reference stands first: a bank that cuts the text keeps the mark.
 */
export function remittanceOf(
  account: Extract<Destination, { type: 'reference_account' }>,
  clientReference: string,
): Result<string, string> {
  const words = remittanceWords(account);
  return words.ok ? ok(`${clientReference} ${words.value}`.trim()) : words;
}

/**
 * Returns our reference in a remittance text; null for a text not written by us. The first
 * reference counts: words of the customer stand behind ours, words of a bank may stand before.
 */
export function referenceIn(remittance: string): string | null {
  return remittance.split(/\s+/).find((word) => originOf(word) !== null) ?? null;
}
