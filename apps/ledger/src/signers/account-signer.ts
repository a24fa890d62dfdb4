import type { ChainKeys, KeyedMac } from '../hash-chain/chain-keys.js';

/** Addition or revocation of a public key for signing an account's orders. */
export interface SignerChange {
  readonly accountId: string;
  /** Id of the customer's API key with this public key. */
  readonly keyId: string;
  /** SPKI in base64. */
  readonly publicKey: string;
  readonly change: 'added' | 'revoked';
  readonly at: Date;
  readonly requestedBy: string;
  /** The second person; a revocation needs none. */
  readonly approvedBy: string | null;
}

export const SIGNER_COLUMNS = `account_id AS "accountId", key_id AS "keyId", public_key AS "publicKey", change, at, requested_by AS "requestedBy",
  approved_by AS "approvedBy", mac_key_id AS "macKeyId", encode(mac, 'hex') AS mac`;

/** Computes the MAC of a row. The database login does not give access to the MAC key. */
export function sealSigner(keys: ChainKeys, change: SignerChange): KeyedMac {
  return keys.sign('account signer', fieldsOf(change));
}

/** Returns true if the ledger wrote this row, for the people named in the row. */
export function isOurs(keys: ChainKeys, row: StoredSigner): boolean {
  return keys.verify('account signer', fieldsOf(row), { keyId: row.macKeyId, mac: row.mac });
}

/** Row with the columns of `SIGNER_COLUMNS`. */
export interface StoredSigner extends SignerChange {
  readonly macKeyId: string;
  readonly mac: string;
}

/** Returns the signers in force: added and not revoked, both by the ledger. */
export function signersInForce(
  keys: ChainKeys,
  rows: readonly StoredSigner[],
): readonly StoredSigner[] {
  const ours = rows.filter((row) => isOurs(keys, row));
  const revoked = new Set(
    ours.filter(({ change }) => change === 'revoked').map(({ publicKey }) => publicKey),
  );
  return ours.filter(({ change, publicKey }) => change === 'added' && !revoked.has(publicKey));
}

function fieldsOf(row: SignerChange): readonly (string | null)[] {
  const { accountId, keyId, publicKey, change, at, requestedBy, approvedBy } = row;
  return [accountId, keyId, publicKey, change, at.toISOString(), requestedBy, approvedBy];
}
