import {
  createECDH,
  createHash,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
} from 'node:crypto';

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

export const ALL_SCOPES: readonly Scope[] = [
  'payments:admin',
  'payments:read',
  'reference_accounts:admin',
  'reference_accounts:read',
  'webhooks:admin',
  'webhooks:read',
  'transactions:read',
];

/**
 * Fixed clients: a configuration stays valid after every restart and reset. The keys are derived,
 * because the code must not contain keys; the keys protect no real data.
 */
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
