import { sign, verify, type KeyObject } from 'node:crypto';
import { refuse, type Result } from '@sluice/kernel';
import { namedPublicKey, privateKeyOfSeed, publicHalfOf, readPublicKey } from '../keys/ed25519.js';
import { canonicalStatement, readStatement, type PermitStatement } from './permit-statement.js';

const PARTS = /^([A-Za-z0-9_-]+)\.([0-9a-f]{16})\.([A-Za-z0-9_-]{86})$/;

/** Ed25519 key of the auditor. Printing an instance does not reveal the key. */
export class PermitSigningKey {
  readonly #privateKey: KeyObject;
  private readonly id: string;
  /** 32 bytes in base64, for `AUDITOR_PUBLIC_KEYS`. */
  readonly publicKey: string;

  private constructor(seed: string) {
    this.#privateKey = privateKeyOfSeed(seed);
    ({ id: this.id, text: this.publicKey } = publicHalfOf(this.#privateKey));
  }

  /** Reads a seed of 32 bytes in base64. Throws an error message without any part of the key. */
  static parse(text: string): PermitSigningKey {
    return new PermitSigningKey(text);
  }

  /** Returns a permit as sent: the statement in base64url, the name of the key, and the signature. */
  sign(statement: PermitStatement): string {
    const text = canonicalStatement(statement);
    const signature = sign(null, signedBytes(text), this.#privateKey).toString('base64url');
    return `${Buffer.from(text).toString('base64url')}.${this.id}.${signature}`;
  }
}

/** Public keys of the auditor; several during a rotation. */
export class PermitKeys {
  private readonly keys: ReadonlyMap<string, KeyObject>;

  /** Takes keys of 32 bytes in base64. Throws for anything else. */
  constructor(publicKeys: readonly string[]) {
    this.keys = new Map(publicKeys.map((text) => [namedPublicKey(text).id, readPublicKey(text)]));
  }

  /** Reads keys separated by spaces or line ends. */
  static parse(text: string): PermitKeys {
    return new PermitKeys(text.split(/\s+/).filter(Boolean));
  }

  get isEmpty(): boolean {
    return this.keys.size === 0;
  }

  /** Returns the statement of an authentic permit, or the reason why the permit is not authentic. */
  read(permit: string): Result<PermitStatement, string> {
    const [, encoded = '', id = '', signature = ''] = PARTS.exec(permit) ?? [];
    if (encoded === '') return refuse('the permit cannot be read');
    const key = this.keys.get(id);
    if (key === undefined)
      return refuse(`the key ${id} of the permit is not among the public keys`);
    const text = Buffer.from(encoded, 'base64url').toString();
    if (!verify(null, signedBytes(text), key, Buffer.from(signature, 'base64url')))
      return refuse('the signature of the permit is wrong: the auditor did not issue the permit');
    const statement = readStatement(text);
    return statement.ok ? statement : refuse(`the statement is wrong: ${statement.refusal}`);
  }
}

function signedBytes(statement: string): Buffer {
  return Buffer.from(`sluice permit\n${statement}`);
}
