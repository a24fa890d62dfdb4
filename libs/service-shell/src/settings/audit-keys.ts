import { createHmac, hkdfSync } from 'node:crypto';

const FORM = /^([\w.-]{1,64}) ([A-Za-z0-9+/]{43,}={0,2})$/;

const DEVELOPMENT = 'development';
const DERIVED_BYTES = 32;

/**
 * Audit keys of a file outside the login's reach: lines `ID BASE64` of at least 32 bytes. The first
 * seals, the others verify.
 */
export class AuditKeys {
  private constructor(
    private readonly keys: ReadonlyMap<string, Buffer>,
    /** Id of the key for new entries. */
    readonly current: string,
  ) {}

  /** Parses the key file. Throws with a description of the error, never with a part of the text. */
  static parse(text: string): AuditKeys {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    const keys = lines.map((line, index): [string, Buffer] => {
      const [, id, key] = FORM.exec(line.trim()) ?? [];
      if (id === undefined || key === undefined)
        throw new Error(`line ${index + 1} is no "ID BASE64" of at least 32 bytes`);
      return [id, Buffer.from(key, 'base64')];
    });
    const [first] = keys;
    if (!first) throw new Error('it has no key');
    if (new Set(keys.map(([id]) => id)).size < keys.length) throw new Error('an id is there twice');
    return new AuditKeys(new Map(keys), first[0]);
  }

  /** Public key without a proof, for starts without a file; production rejects it. */
  static ofDevelopment(): AuditKeys {
    return new AuditKeys(new Map([[DEVELOPMENT, Buffer.alloc(32, DEVELOPMENT)]]), DEVELOPMENT);
  }

  get areOfDevelopment(): boolean {
    return this.current === DEVELOPMENT;
  }

  /** Computes the seal of a content; null for an unknown key id. */
  seal(keyId: string, content: string): Buffer | null {
    const key = this.keys.get(keyId);
    return key ? createHmac('sha256', key).update(content).digest() : null;
  }

  /** Derives a key for another purpose from an audit key; null for an unknown key id. */
  derive(keyId: string, purpose: string): Buffer | null {
    const key = this.keys.get(keyId);
    return key ? Buffer.from(hkdfSync('sha256', key, '', purpose, DERIVED_BYTES)) : null;
  }
}
