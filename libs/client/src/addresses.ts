import type {
  Address,
  AddressBook,
  AddressBookTerms,
  AddressFilter,
  NewAddress,
} from './api-types.js';
import { checkedText } from './arguments.js';
import type { CallOptions, SignedCalls } from './signed-calls.js';

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
