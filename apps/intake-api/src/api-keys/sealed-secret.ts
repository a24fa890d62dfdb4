import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectConfig } from '@sluice/service-shell';
import type { IntakeConfig } from '../config.js';

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;

/** What is stored: a data key of its own for each secret, wrapped by the key-encrypting key, which the database never sees. */
export interface SealedSecret {
  readonly version: 1;
  /** Which key-encrypting key wrapped it: a short hash of that key, so that a rotation can distinguish old from new. */
  readonly kek: string;
  readonly wrappedKey: string;
  readonly sealed: string;
}

/** Seals and opens secrets. `owner` (the row's id) is authenticated: a sealed value copied to another row does not open. */
@Injectable()
export class SecretBox {
  private readonly kek: Buffer;
  private readonly kekId: string;

  /** The key-encrypting key must be 32 bytes. Throws otherwise. */
  constructor(@InjectConfig() { secretsKek }: Pick<IntakeConfig, 'secretsKek'>) {
    this.kek = Buffer.from(secretsKek.reveal(), 'base64');
    if (this.kek.length !== KEY_BYTES) throw new Error('SECRETS_KEK must be 32 bytes in base64');
    this.kekId = createHash('sha256').update(this.kek).digest('hex').slice(0, 16);
  }

  seal(secret: string, owner: string): SealedSecret {
    const dataKey = randomBytes(KEY_BYTES);
    return {
      version: 1,
      kek: this.kekId,
      wrappedKey: encrypt(this.kek, dataKey, `key:${owner}`),
      sealed: encrypt(dataKey, Buffer.from(secret, 'utf8'), `secret:${owner}`),
    };
  }

  /** Throws when the value was changed, belongs to another owner, or was wrapped by another key. */
  open(stored: SealedSecret, owner: string): string {
    if (stored.kek !== this.kekId)
      throw new Error(`the secret of ${owner} was sealed with another SECRETS_KEK`);
    const dataKey = decrypt(this.kek, stored.wrappedKey, `key:${owner}`);
    return decrypt(dataKey, stored.sealed, `secret:${owner}`).toString('utf8');
  }
}

/** iv, tag and text in one base64. */
function encrypt(key: Buffer, plain: Buffer, context: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, iv).setAAD(Buffer.from(context));
  const text = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64');
}

function decrypt(key: Buffer, sealed: string, context: string): Buffer {
  const bytes = Buffer.from(sealed, 'base64');
  const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, IV_BYTES)).setAAD(
    Buffer.from(context),
  );
  decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
}
