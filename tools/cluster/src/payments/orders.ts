import { randomBytes } from 'node:crypto';
import { FIRST_VENUE, paysToBankAccount, type VenueName } from '@sluice/stack';

/**
 * A requested withdrawal. The recipient is unique to the order, for identification in the venue's
 * record.
 */
export interface Order {
  readonly reference: string;
  readonly venue: VenueName;
  /** Recipient in the form of `recipientOf`. */
  readonly recipient: string;
  readonly amount: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The bank account known to the simulator of the venue that pays to bank accounts. */
export type BankAccount = Readonly<Record<string, unknown>>;

/** The venues in turn. */
export function orderOf(
  number: number,
  venues: readonly VenueName[],
  bankAccount: BankAccount,
): Order {
  const reference = `c-${number}-${randomBytes(4).toString('hex')}`;
  const venue = venues[number % venues.length] ?? FIRST_VENUE;
  const amount = `${12 + (number % 40)}.${10 + (number % 89)}`;
  const common = { venue, amount, client_reference: reference };
  if (paysToBankAccount(venue)) {
    const destination = {
      type: 'reference_account',
      ...bankAccount,
      remittance_information: reference,
    };
    const body = { ...common, currency: 'EUR', network: 'SEPA', destination };
    return { reference, venue, amount, recipient: reference, body };
  }
  const recipient = `0x${randomBytes(20).toString('hex')}`;
  const body = { ...common, currency: 'USDT', network: 'ETH', to_address: recipient };
  return { reference, venue, amount, recipient, body };
}
