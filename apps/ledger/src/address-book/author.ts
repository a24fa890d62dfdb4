import { ApiError, type Caller } from '@sluice/http-api';

/** Party that changes an address book: an API key, or a person. */
export interface Author {
  readonly kind: 'key' | 'person';
  /** `key:ID` or `person:NAME`. */
  readonly text: string;
}

/**
 * Returns the author of a change. intake-api acts for the API key of a signed request and names the
 * key; a person acts alone.
 */
export function authorOf(caller: Caller, keyId: string | null | undefined): Author {
  if (caller.kind === 'person') {
    if (keyId) throw ApiError.invalid(['key_id: only intake-api acts for an API key']);
    return { kind: 'person', text: `person:${caller.name}` };
  }
  if (!keyId) throw ApiError.invalid(['key_id: Field required from intake-api']);
  return { kind: 'key', text: `key:${keyId}` };
}
