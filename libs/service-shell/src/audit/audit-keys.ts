import { createHmac } from 'node:crypto';

const FORM = /^([\w.-]{1,64}) ([A-Za-z0-9+/]{43,}={0,2})$/;

const DEVELOPMENT = 'development';

/**
 * The keys of a service's audit log, from a file that its database login does not give: `ID BASE64` in each line, at least 32 bytes.
 * The first one seals what is new, the others are of earlier entries.
 */
export class AuditKeys {
  private constructor(
    private readonly keys: ReadonlyMap<string, Buffer>,
    /** The id of the key that seals what is new. */
    readonly current: string,
  ) {}

  /** Throws with what is wrong with the text, never with a part of it. */
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

  /** Of services that are started without a file: everybody knows it, so it proves nothing, and production does not take it. */
  static ofDevelopment(): AuditKeys {
    return new AuditKeys(new Map([[DEVELOPMENT, Buffer.alloc(32, DEVELOPMENT)]]), DEVELOPMENT);
  }

  get areOfDevelopment(): boolean {
    return this.current === DEVELOPMENT;
  }

  /** Null for a key that is not known here. */
  seal(keyId: string, content: string): Buffer | null {
    const key = this.keys.get(keyId);
    return key ? createHmac('sha256', key).update(content).digest() : null;
  }
}
