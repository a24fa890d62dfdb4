import { hash } from 'node:crypto';

const BLOCK = 64;
const DIGEST = 32;

/**
 * HMAC-SHA-256 (RFC 2104) of many short texts under a single key, from two one-shot digests of
 * Node. `createHmac` creates a native object per text, more expensive in a busy process than the
 * digests (docs/adr/0024-tracing-and-benchmarks.md). Printing an instance does not reveal the key.
 */
export class HmacSha256 {
  readonly #innerPad: Buffer;
  readonly #outerPad: Buffer;

  /** A key longer than a block is hashed first, according to the RFC. */
  constructor(key: Uint8Array) {
    const block = Buffer.alloc(BLOCK);
    block.set(key.length > BLOCK ? hash('sha256', key, 'buffer') : key);
    this.#innerPad = block.map((byte) => byte ^ 0x36) as Buffer;
    this.#outerPad = block.map((byte) => byte ^ 0x5c) as Buffer;
  }

  of(text: string, encoding: 'base64url' | 'hex' = 'base64url'): string {
    const inner = Buffer.allocUnsafe(BLOCK + Buffer.byteLength(text));
    inner.set(this.#innerPad);
    inner.write(text, BLOCK);
    const outer = Buffer.allocUnsafe(BLOCK + DIGEST);
    outer.set(this.#outerPad);
    outer.write(hash('sha256', inner, 'binary'), BLOCK, 'latin1');
    return hash('sha256', outer, encoding);
  }
}
