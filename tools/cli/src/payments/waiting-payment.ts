import { hash } from 'node:crypto';
import type { PaymentApprovalDto } from '@sluice/http-api';
import { isObject } from '@sluice/kernel';
import { CliError, type Row } from '../errors/errors.js';

/** First line of the digested text. */
const VERSION = 'sluice payment approval 1';

/** Payment whose content was compared with its digest by this program. */
export interface WaitingPayment {
  readonly approval: PaymentApprovalDto;
  readonly content: Row;
  /** SHA-256 in hex, computed here from the text of the content. */
  readonly digest: string;
}

/** Withdrawal that a person has named. */
interface Wanted {
  readonly id: string;
  /** Number or uuid; a number was looked up at intake-api, and the ledger's content confirms it. */
  readonly given?: string;
}

/**
 * Returns the payment of an answer of the ledger. Throws a CliError if the content is not that of
 * the withdrawal, has another digest, or has two readings: the vote would cover something else than
 * the person saw.
 */
export function waitingPayment(
  approval: PaymentApprovalDto,
  { id: withdrawalId, given = withdrawalId }: Wanted,
): WaitingPayment {
  const { content: text, digest: claimed } = approval;
  const digest = hash('sha256', `${VERSION}\n${text}`, 'hex');
  if (digest !== claimed)
    throw wrong(
      withdrawalId,
      `its content has the digest ${digest}, the ledger states ${claimed}`,
      {
        computed_digest: digest,
        stated_digest: claimed,
      },
    );
  const content = contentOf(text);
  if (content === null) throw wrong(withdrawalId, 'its content is not readable in exactly one way');
  const { withdrawal_id: of, number } = content;
  const isNumbered = typeof number === 'string' && !given.includes('-');
  if (of !== withdrawalId || (isNumbered && number !== given))
    throw wrong(withdrawalId, 'its content is of another withdrawal');
  return { approval, content, digest };
}

function wrong(withdrawalId: string, why: string, details: Row = {}): CliError {
  return new CliError(`do not approve payment ${withdrawalId}: ${why}`, 1, details);
}

/** A text with a repeated field, or with other than plain JSON, has more than one reading. */
function contentOf(text: string): Row | null {
  try {
    const content: unknown = JSON.parse(text);
    return isObject(content) && JSON.stringify(content) === text ? content : null;
  } catch {
    return null;
  }
}
