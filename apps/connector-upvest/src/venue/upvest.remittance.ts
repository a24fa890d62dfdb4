import { originOf } from '@sluice/connector-rules';

const LONGEST = 140; // SEPA's limit; Upvest names none

/**
 * Returns the text for the bank statement: the customer's words, followed by our reference as the
 * mark of our records. Returns null if the combined text is too long or has characters not allowed
 * on a statement.
 */
export function remittanceOf(words: string | undefined, clientReference: string): string | null {
  const text =
    words === undefined || words.trim() === ''
      ? clientReference
      : `${words.trim()} ${clientReference}`;
  return text.length <= LONGEST && !/\p{Cc}/u.test(text) ? text : null;
}

/** Returns our reference in a remittance text; null for a text not written by us. */
export function referenceIn(remittance: string): string | null {
  const last = remittance.trim().split(' ').at(-1) ?? '';
  return originOf(last) === null ? null : last;
}
