import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;

/** A data key per secret, wrapped by a key that the database never sees. */
export interface SealedSecret {
  readonly version: 2;
  readonly kek: string;
  readonly wrappedKey: string;
  readonly sealed: string;
}

/**
 * Seals secrets, bound to `owner` (row id) and `context` (row content): they open in no other row.
 * One key seals, others may open during a rotation.
 */
export class SecretBox {
  private readonly keks: ReadonlyMap<string, Buffer>;
  readonly kekId: string;

  /** The key-encrypting keys, 32 bytes each in base64: the first seals, all open. Throws otherwise. */
  constructor(keks: readonly string[]) {
    this.keks = new Map(keks.map(keyOf).map((one) => [idOf(one), one]));
    const [first] = this.keks.keys();
    if (first === undefined) throw new Error('SECRETS_KEK must be 32 bytes in base64');
    this.kekId = first;
  }

  seal(secret: string, owner: string, context: string): SealedSecret {
    const dataKey = randomBytes(KEY_BYTES);
    return {
      version: 2,
      kek: this.kekId,
      wrappedKey: encrypt(this.kek(this.kekId), dataKey, `key:${owner}`),
      sealed: encrypt(dataKey, Buffer.from(secret, 'utf8'), `secret:${context}`),
    };
  }

  /** Throws if the value or the row was changed, or if the wrapping key is missing. */
  open(stored: SealedSecret, owner: string, context: string): string {
    const dataKey = decrypt(this.kek(stored.kek), stored.wrappedKey, `key:${owner}`);
    return decrypt(dataKey, stored.sealed, `secret:${context}`).toString('utf8');
  }

  private kek(id: string): Buffer {
    const kek = this.keks.get(id);
    if (kek === undefined) throw new Error(`sealed with another SECRETS_KEK: ${id}`);
    return kek;
  }
}

function keyOf(base64: string): Buffer {
  const key = Buffer.from(base64, 'base64');
  if (key.length !== KEY_BYTES) throw new Error('SECRETS_KEK must be 32 bytes in base64');
  return key;
}

function idOf(kek: Buffer): string {
  return createHash('sha256').update(kek).digest('hex').slice(0, 16);
}

/** Returns iv, tag and ciphertext as a single base64 text. */
function encrypt(key: Buffer, plain: Buffer, context: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, iv).setAAD(Buffer.from(context));
  const text = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64');
}

function decrypt(key: Buffer, sealed: string, context: string): Buffer {
  const bytes = Buffer.from(sealed, 'base64');
  const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, IV_BYTES), {
    authTagLength: TAG_BYTES,
  }).setAAD(Buffer.from(context));
  decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
}
