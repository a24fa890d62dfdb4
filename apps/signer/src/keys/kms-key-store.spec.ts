import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import fc from 'fast-check';
import { bytesToHex, hexToBigInt, numberToHex, recoverAddress, type Hex } from 'viem';
import { sign } from 'viem/accounts';
import { HOT, KEYS, TANK, THIEF } from '../testkit/wallets.js';
import { KmsKeyStore, type KeyService } from './kms-key-store.js';

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
type Damage = (der: Buffer) => Buffer;

/** A key service of a cloud: public keys in DER, signatures in DER with the higher `s` as often as with the lower. */
function keyService(
  keys: Readonly<Record<string, Hex>>,
  damage: Damage = (der) => der,
): KeyService {
  const keyNamed = (id: string): Hex => {
    const key = keys[id];
    if (!key) throw new Error(`no key ${id}`);
    return key;
  };
  return {
    name: 'a key service',
    publicKey: (id) => Promise.resolve(spkiOf(createPublicKey(privateKeyOf(keyNamed(id))))),
    signDigest: async (id, digest) => {
      const { r, s } = await sign({ hash: bytesToHex(digest), privateKey: keyNamed(id) });
      const low = hexToBigInt(s);
      const body = [hexToBigInt(r), digest[0]! % 2 === 0 ? low : ORDER - low].map(derInteger);
      return damage(der(0x30, Buffer.concat(body)));
    },
  };
}

function der(tag: number, body: Buffer): Buffer {
  return Buffer.concat([Buffer.of(tag, body.length), body]);
}

/** A leading zero where the number would be read as negative. */
function derInteger(value: bigint): Buffer {
  const bytes = Buffer.from(
    numberToHex(value)
      .slice(2)
      .padStart(64, '0')
      .replace(/^(00)+/, ''),
    'hex',
  );
  return der(0x02, (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes);
}

function spkiOf(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' });
}

function privateKeyOf(key: Hex): KeyObject {
  const [before, after] = ['302e0201010420', 'a00706052b8104000a'];
  const bytes = Buffer.from(`${before}${key.slice(2)}${after}`, 'hex');
  return createPrivateKey({ key: bytes, format: 'der', type: 'sec1' });
}

const SERVICE = keyService({ one: KEYS.hot, two: KEYS.tank });
const anyDigest = fc.uint8Array({ minLength: 32, maxLength: 32 });

describe('the keys of a key service', () => {
  it('are known by their addresses', async () => {
    const store = await KmsKeyStore.open(SERVICE, ['one', 'two']);
    expect(store.addresses()).toEqual([HOT, TANK]);
    await expect(store.sign(THIEF, `0x${'11'.repeat(32)}`)).rejects.toThrow('has no key of');
  });

  it('sign so that a chain knows the sender, with the lower s', () =>
    fc.assert(
      fc.asyncProperty(anyDigest, async (digest) => {
        const store = await KmsKeyStore.open(SERVICE, ['one', 'two']);
        const hash = bytesToHex(digest);

        const signature = await store.sign(HOT, hash);

        expect(await recoverAddress({ hash, signature })).toBe(HOT);
        expect(BigInt(signature.s) < 2n ** 255n).toBe(true);
      }),
      { numRuns: 30 },
    ));

  it('of another curve are refused', async () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const other: KeyService = { ...SERVICE, publicKey: () => Promise.resolve(spkiOf(publicKey)) };
    await expect(KmsKeyStore.open(other, ['one'])).rejects.toThrow('of secp256k1, not P-256');
  });

  it.each<[string, Damage]>([
    ['is cut', (der) => der.subarray(0, -1)],
    ['goes on', (der) => Buffer.concat([der, Buffer.of(0)])],
    ['is something else', () => Buffer.from('no')],
    ['is empty', () => Buffer.alloc(0)],
  ])('give no signature where the answer %s', async (_what, damage) => {
    const store = await KmsKeyStore.open(keyService({ one: KEYS.hot }, damage), ['one']);
    await expect(store.sign(HOT, `0x${'11'.repeat(32)}`)).rejects.toThrow('gave no signature');
  });

  it('give no signature where another key answers', async () => {
    const swapped: KeyService = {
      ...SERVICE,
      signDigest: (_id, digest) => SERVICE.signDigest('two', digest),
    };
    const store = await KmsKeyStore.open(swapped, ['one']);
    await expect(store.sign(HOT, `0x${'11'.repeat(32)}`)).rejects.toThrow('is not that of');
  });
});
