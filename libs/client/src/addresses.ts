import { checkedText } from './arguments.js';
import type { CallOptions, SignedCalls } from './signed-calls.js';
import type { Destination } from './withdrawal.js';

/** Address of the account's book. Payments may use it from `usable_at` on. */
export interface Address {
  readonly id: string;
  readonly network: string;
  readonly destination: Destination;
  readonly label: string;
  /** `waiting_for_confirmation`, `waiting`, `usable` or `removed`. */
  readonly state: string;
  /** API key, or `operator`. */
  readonly added_by: string;
  readonly added_at: string;
  readonly confirmation: string;
  readonly confirmed_by: string | null;
  /** Null while the confirmation is missing. */
  readonly usable_at: string | null;
  readonly removed_at: string | null;
}

/** Exactly one of `to_address` and `destination`. */
export interface NewAddress {
  readonly network: string;
  readonly to_address?: string;
  readonly destination?: Destination;
  /** Name for people. */
  readonly label: string;
}

/** Settings of the address book. */
export interface AddressBookTerms {
  /** Payments only to usable addresses of the book. */
  readonly only_book: boolean;
  /** Confirmation of new addresses: by another API key, or by an operator. */
  readonly confirmation: 'none' | 'key' | 'person';
  /** Waiting time of new addresses and of looser settings. */
  readonly waits_hours: number;
}

export interface AddressBook extends AddressBookTerms {
  /** Looser settings that wait. */
  readonly next: (AddressBookTerms & { readonly starts_at: string }) | null;
}

export interface AddressFilter {
  /** Id of the last address of the page before. */
  readonly after?: string;
  /** Default: 100. */
  readonly limit?: number;
}

const PATH = '/v1/addresses';
const BOOK = '/v1/address-book';

/**
 * The account's address book; the key needs `manage_addresses`. Methods with an id throw
 * `NotFoundError` for an unknown address.
 */
export class Addresses {
  constructor(private readonly calls: SignedCalls) {}

  /** Oldest first, removed addresses included. */
  list(filter: AddressFilter = {}, options?: CallOptions): Promise<readonly Address[]> {
    return this.calls.list(PATH, filter, options);
  }

  /** An equal address of the book is returned again. */
  add(address: NewAddress, options?: CallOptions): Promise<Address> {
    return this.calls.object(
      { method: 'POST', path: PATH, repeat: 'idempotent', body: address },
      options,
    );
  }

  /**
   * Confirms an address that another key has added. Not repeated after a lost response: throws
   * `OutcomeUnknownError`.
   */
  confirm(id: string, options?: CallOptions): Promise<Address> {
    return this.calls.object(
      { method: 'POST', path: `${pathOf(id)}/confirm`, repeat: 'once' },
      options,
    );
  }

  /** Takes effect at once. */
  remove(id: string, options?: CallOptions): Promise<Address> {
    return this.calls.object({ method: 'DELETE', path: pathOf(id), repeat: 'idempotent' }, options);
  }

  book(options?: CallOptions): Promise<AddressBook> {
    return this.calls.object({ method: 'GET', path: BOOK, repeat: 'read' }, options);
  }

  /** Looser terms take effect after the waiting time in force. */
  setBook(terms: AddressBookTerms, options?: CallOptions): Promise<AddressBook> {
    return this.calls.object(
      { method: 'PUT', path: BOOK, repeat: 'idempotent', body: terms },
      options,
    );
  }
}

function pathOf(id: string): string {
  return `${PATH}/${encodeURIComponent(checkedText('id', id))}`;
}
