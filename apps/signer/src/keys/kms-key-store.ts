import { createPublicKey } from 'node:crypto';
import { ethereumSignature, type EcdsaSignature, type EthereumSignature } from '@sluice/evm';
import { hexToBytes, toHex, type Address, type Hex } from 'viem';
import { addressOfPoint, type SigningKeyStore } from './key-store.js';

/** Key service of a cloud provider (KMS) with secp256k1 keys that never leave the service. */
export interface KeyService {
  readonly name: string;
  /** SubjectPublicKeyInfo in DER. */
  publicKey(keyId: string): Promise<Uint8Array>;
  /** ECDSA over a 32-byte digest, in DER: `SEQUENCE { r INTEGER, s INTEGER }`. */
  signDigest(keyId: string, digest: Uint8Array): Promise<Uint8Array>;
}

export class KmsKeyStore implements SigningKeyStore {
  private constructor(
    private readonly service: KeyService,
    private readonly keyIds: ReadonlyMap<Address, string>,
  ) {}

  /** Asks for the public keys. Throws for a key of another curve. */
  static async open(service: KeyService, keyIds: readonly string[]): Promise<KmsKeyStore> {
    const entries = await Promise.all(
      keyIds.map(async (id) => [addressOfPoint(pointOf(await service.publicKey(id))), id] as const),
    );
    return new KmsKeyStore(service, new Map(entries));
  }

  get place(): string {
    return this.service.name;
  }

  addresses(): readonly Address[] {
    return [...this.keyIds.keys()];
  }

  async sign(address: Address, hash: Hex): Promise<EthereumSignature> {
    const keyId = this.keyIds.get(address);
    if (keyId === undefined) throw new Error(`${this.place} has no key of ${address}`);
    const der = await this.service.signDigest(keyId, hexToBytes(hash));
    return ethereumSignature(hash, readDer(der), address);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

function pointOf(spki: Uint8Array): Uint8Array {
  const key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  const { crv, x = '', y = '' } = key.export({ format: 'jwk' });
  if (crv !== 'secp256k1')
    throw new Error(`a key must be of secp256k1, not ${crv ?? 'another kind'}`);
  return Buffer.concat([Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
}

const SEQUENCE = 0x30;
const INTEGER = 0x02;

/** Reads two integers of at most 33 bytes; lengths are single bytes. Throws for any other input. */
function readDer(der: Uint8Array): EcdsaSignature {
  const [tag, length, ...rest] = der;
  const ends = tag === SEQUENCE && length === rest.length;
  const r = ends ? integerAt(rest, 0) : null;
  const s = r && integerAt(rest, r.end);
  if (!r || !s || s.end !== rest.length) throw new Error('the key service gave no signature');
  return { r: r.value, s: s.value };
}

function integerAt(bytes: readonly number[], at: number) {
  const [tag, length = 0] = bytes.slice(at, at + 2);
  const end = at + 2 + length;
  if (tag !== INTEGER || length === 0 || length > 33 || end > bytes.length) return null;
  return { value: BigInt(toHex(Uint8Array.from(bytes.slice(at + 2, end)))), end };
}
