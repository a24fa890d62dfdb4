import { ok, refuse } from '@sluice/kernel';
import { textLike } from '../sim/check.js';
import type { SimulatedKeyTerms } from '../sim/key-book.js';
import {
  keyFields,
  keyName,
  keyText,
  permissionsOf,
  publicKeyPem,
  readPublicKey,
} from '../sim/key-fields.js';
import { ALL_SCOPES, CLIENTS, type Scope, type UpvestIdentity } from './upvest-identities.js';

const uuid = textLike(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);

const checkKey = keyFields(
  {
    name: keyName,
    client_id: uuid,
    client_secret: keyText,
    key_id: uuid,
    public_key: publicKeyPem,
  },
  { scopes: permissionsOf(ALL_SCOPES) },
);

interface Brought {
  readonly name: string;
  readonly client_id: string;
  readonly client_secret: string;
  readonly key_id: string;
  readonly public_key: string;
  readonly scopes?: readonly Scope[];
}

/** Terms for a client with a single key for request signatures: P-521 or Ed25519. */
export const KEY_TERMS: SimulatedKeyTerms<UpvestIdentity> = {
  fixed: CLIENTS,
  idOf: (client) => client.client_id,
  read: (fields) => {
    const fault = checkKey(fields, 'key');
    if (fault !== null) return refuse(fault);
    const { key_id, public_key: pem, scopes = ALL_SCOPES, ...client } = fields as Brought;
    const publicKey = readPublicKey(pem);
    const { namedCurve } = publicKey?.asymmetricKeyDetails ?? {};
    if (publicKey?.asymmetricKeyType !== 'ed25519' && namedCurve !== 'secp521r1')
      return refuse('key.public_key has to be a key of P-521 or Ed25519');
    return publicKey
      ? ok({ ...client, scopes, keys: [{ key_id, publicKey }] })
      : refuse('key.public_key has to be the PEM of a public key');
  },
};
