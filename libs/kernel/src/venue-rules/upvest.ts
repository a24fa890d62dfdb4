import type { Destination } from '../destination/destination.js';
import type { Result } from '../result/result.js';
import { sepaText } from './sepa-text.js';

type BankAccount = Extract<Destination, { type: 'reference_account' }>;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/**
 * SEPA's limit is 140; Upvest names none. Our reference of 24 characters and a blank stand before
 * the customer's words.
 */
const LONGEST_WORDS = 140 - 24 - 1;

/** Returns the customer's words on a bank statement, or the reason of a refusal. */
export function remittanceWords({
  remittanceInformation = '',
}: BankAccount): Result<string, string> {
  return sepaText(remittanceInformation, LONGEST_WORDS);
}

/** Returns why Upvest pays no such bank account, as `field: reason`; null: it may be paid. */
export function upvestFault(account: BankAccount): string | null {
  const ids = {
    user_id: account.userId,
    account_group_id: account.accountGroupId,
    reference_account_id: account.referenceAccountId,
  };
  const strange = Object.entries(ids).find(([, id]) => !UUID.test(id));
  if (strange) return `${strange[0]}: Input should be a UUID`;
  const { purposeCode } = account;
  if (purposeCode !== undefined && !/^[A-Z0-9]{4}$/.test(purposeCode))
    return 'purpose_code: Input should be four capital letters or digits (ISO 20022)';
  const words = remittanceWords(account);
  return words.ok ? null : `remittance_information: ${words.refusal}`;
}
