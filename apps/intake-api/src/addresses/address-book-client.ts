import { Injectable } from '@nestjs/common';
import { AdminError, LedgerAdmin } from '@sluice/admin-client';
import type {
  AddAddressDto,
  AddressBookDto,
  AddressEntriesQuery,
  AddressEntryDto,
  SetAddressBookDto,
} from '@sluice/http-api';
import { InjectConfig, InjectPlatform, type Platform } from '@sluice/service-shell';
import type { ApiKey } from '../api-keys/key-store.js';
import { PublicError, type PublicErrorKind } from '../http/public-error.js';
import { answeredToUs, targetOf, type CallingConfig } from '../other-services/asked-service.js';
import type { IntakeConfig } from '../settings/intake-settings.js';

type Caller = Pick<ApiKey, 'accountId' | 'keyId'>;

/** Refusals of the ledger, by the start of their sentence. */
const KNOWN: readonly (readonly [sentence: string, kind: PublicErrorKind])[] = [
  ['The address book has no such entry', 'address_not_found'],
  ['The address book has', 'address_book_full'],
  ['The author of an entry', 'address_by_another_key'],
  ['A person must confirm', 'address_by_a_person'],
  ['The entry', 'address_not_waiting'],
];

/**
 * Address book of the account, kept by the ledger. Throws ServiceAwayError if the ledger is away.
 */
@Injectable()
export class AddressBookClient {
  private readonly ledger: LedgerAdmin;

  constructor(
    @InjectConfig() config: CallingConfig & Pick<IntakeConfig, 'ledgerUrl'>,
    @InjectPlatform() platform: Pick<Platform, 'name' | 'clock'>,
  ) {
    this.ledger = new LedgerAdmin(targetOf('ledger', config.ledgerUrl, config, platform));
  }

  list({ accountId }: Caller, query: AddressEntriesQuery): Promise<readonly AddressEntryDto[]> {
    return passedOn(this.ledger.addresses(accountId, query));
  }

  add({ accountId, keyId: key_id }: Caller, entry: AddAddressDto): Promise<AddressEntryDto> {
    return passedOn(this.ledger.addAddress(accountId, { ...entry, key_id }));
  }

  confirm({ accountId, keyId: key_id }: Caller, id: string): Promise<AddressEntryDto> {
    return passedOn(
      this.ledger.confirmAddress({ account_id: accountId, entry_id: id }, { key_id }),
    );
  }

  remove({ accountId, keyId: key_id }: Caller, id: string): Promise<AddressEntryDto> {
    return passedOn(this.ledger.removeAddress({ account_id: accountId, entry_id: id }, { key_id }));
  }

  settings({ accountId }: Caller): Promise<AddressBookDto> {
    return passedOn(this.ledger.addressBook(accountId));
  }

  setSettings(
    { accountId, keyId: key_id }: Caller,
    settings: Omit<SetAddressBookDto, 'key_id'>,
  ): Promise<AddressBookDto> {
    return passedOn(this.ledger.setAddressBook(accountId, { ...settings, key_id }));
  }
}

async function passedOn<T>(asked: Promise<T>): Promise<T> {
  try {
    return await answeredToUs(asked);
  } catch (error) {
    if (!(error instanceof AdminError)) throw error;
    const known = KNOWN.find(([sentence]) => error.failure.message.startsWith(sentence));
    throw PublicError.of(known?.[1] ?? 'not_found');
  }
}
