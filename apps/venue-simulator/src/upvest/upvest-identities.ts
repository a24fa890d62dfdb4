import {
  createECDH,
  createHash,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { ok, refuse } from '@sluice/kernel';
import { textLike } from '../sim/check.js';
import {
  keyFields,
  keyName,
  keyText,
  permissionsOf,
  publicKeyPem,
  readPublicKey,
  type SimulatedKeyTerms,
} from '../sim/key-book.js';

export type Scope =
  | 'payments:admin'
  | 'payments:read'
  | 'reference_accounts:admin'
  | 'reference_accounts:read'
  | 'webhooks:admin'
  | 'webhooks:read'
  | 'transactions:read';

/** Access of a tenant: the scopes allowed for a token, and the keys for request signatures. */
export interface UpvestIdentity {
  readonly name: string;
  readonly client_id: string;
  readonly client_secret: string;
  readonly scopes: readonly Scope[];
  readonly keys: readonly UpvestPublicKey[];
}

interface UpvestPublicKey {
  readonly key_id: string;
  readonly publicKey: KeyObject;
}

/** Fixed key of the simulator, with both the public and the private key. */
interface UpvestClientKey extends UpvestPublicKey {
  readonly privateKeyPem: string;
}

export interface OwnClient extends UpvestIdentity {
  readonly keys: readonly UpvestClientKey[];
}

/** Customer with a single account group for the cash and a single bank account for payouts. */
export interface UpvestUser {
  readonly user_id: string;
  readonly account_group_id: string;
  readonly reference_account_id: string;
}

const ALL_SCOPES: readonly Scope[] = [
  'payments:admin',
  'payments:read',
  'reference_accounts:admin',
  'reference_accounts:read',
  'webhooks:admin',
  'webhooks:read',
  'transactions:read',
];

/** Fixed clients with derived keys, which protect only a simulator. */
export const CLIENTS: readonly OwnClient[] = [
  client('main', ALL_SCOPES),
  client('read_only', ['payments:read', 'reference_accounts:read']),
];

export const USERS: readonly UpvestUser[] = ['first', 'second', 'third'].map((name) => ({
  user_id: uuid(`user ${name}`),
  account_group_id: uuid(`account group ${name}`),
  reference_account_id: uuid(`reference account ${name}`),
}));

/** Signs the webhooks. */
export const WEBHOOK_KEY: UpvestClientKey = clientKey('webhooks', ed25519('webhooks'));

/** Derives a constant UUID from a name, in the layout of version 4. */
function uuid(name: string): string {
  const hex = createHash('sha256').update(`simulated upvest ${name}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function client(name: string, scopes: readonly Scope[]): OwnClient {
  return {
    name,
    client_id: uuid(`client ${name}`),
    client_secret: createHash('sha256')
      .update(`simulated upvest secret ${name}`)
      .digest('base64url'),
    scopes,
    keys: [clientKey(`${name} P-521`, p521(name)), clientKey(`${name} Ed25519`, ed25519(name))],
  };
}

function clientKey(name: string, privateKey: KeyObject): UpvestClientKey {
  const type = privateKey.asymmetricKeyType === 'ec' ? 'sec1' : 'pkcs8'; // Upvest's proxy reads EC keys in the older form only
  return {
    key_id: uuid(`key ${name}`),
    privateKeyPem: privateKey.export({ type, format: 'pem' }).toString(),
    publicKey: createPublicKey(privateKey),
  };
}

function p521(name: string): KeyObject {
  const d = Buffer.concat([
    Buffer.alloc(2),
    createHash('sha512').update(`simulated upvest key ${name}`).digest(),
  ]);
  const curve = createECDH('secp521r1');
  curve.setPrivateKey(d);
  const point = curve.getPublicKey();
  const coordinates = {
    x: point.subarray(1, 67).toString('base64url'),
    y: point.subarray(67).toString('base64url'),
  };
  return createPrivateKey({
    format: 'jwk',
    key: { kty: 'EC', crv: 'P-521', d: d.toString('base64url'), ...coordinates },
  });
}

function ed25519(name: string): KeyObject {
  const seed = createHash('sha256').update(`simulated upvest key ${name}`).digest();
  return createPrivateKey({
    key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]),
    format: 'der',
    type: 'pkcs8',
  });
}

const uuidText = textLike(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);

const checkKey = keyFields(
  {
    name: keyName,
    client_id: uuidText,
    client_secret: keyText,
    key_id: uuidText,
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

interface Grant {
  readonly clientId: string;
  readonly scopes: readonly Scope[];
  readonly expiresAt: number;
  readonly generation: number;
}

/** Access tokens that were given out. In memory only: a restart ends them all, as their end of life would. */
export class TokenBook {
  private readonly grants = new Map<string, Grant>();

  issue(grant: Grant): string {
    const token = `ory_at_${randomBytes(24).toString('base64url')}.${randomBytes(24).toString('base64url')}`;
    this.grants.set(token, grant);
    return token;
  }

  /** The scopes of a living token of this client; null for any other text. */
  scopesOf(
    token: string,
    clientId: string,
    now: number,
    generation: number,
  ): readonly Scope[] | null {
    const grant = this.grants.get(token);
    if (!grant || grant.clientId !== clientId || grant.generation !== generation) return null;
    if (now < grant.expiresAt) return grant.scopes;
    this.grants.delete(token);
    return null;
  }

  /** Moves tokens of the old generation to the new one, and removes all others. */
  carryOver(from: number, to: number): void {
    for (const [token, grant] of this.grants)
      if (grant.generation === from) this.grants.set(token, { ...grant, generation: to });
      else this.grants.delete(token);
  }
}
