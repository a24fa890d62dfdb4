import { originOf } from '@sluice/connector-rules';

const LONGEST = 140; // SEPA's limit; Upvest names none

/**
 * The text on the bank statement: the customer's words, then our reference, by which a record is known as ours.
 * Null when the customer's text is too long beside it or has characters that a statement cannot show.
 */
export function remittanceOf(words: string | undefined, clientReference: string): string | null {
  const text =
    words === undefined || words.trim() === ''
      ? clientReference
      : `${words.trim()} ${clientReference}`;
  return text.length <= LONGEST && !/\p{Cc}/u.test(text) ? text : null;
}

/** Our reference in such a text; null for a text that we did not write. */
export function referenceIn(remittance: string): string | null {
  const last = remittance.trim().split(' ').at(-1) ?? '';
  return originOf(last) === null ? null : last;
}
