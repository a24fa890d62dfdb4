import { inspect } from 'node:util';
import { keccak256, recoverAddress, toHex } from 'viem';
import { sealKeys } from '@sluice/signer-api';
import { HOT, KEK, KEYS, SEALED_KEYS, TANK, THIEF } from '../testkit/wallets.js';
import { SealedKeyStore } from './key-store.js';

const HASH = keccak256(toHex('a transaction'));
const OTHER_KEK = Buffer.alloc(32, 'another').toString('base64');

describe('the sealed file of keys', () => {
  const store = new SealedKeyStore(KEK, SEALED_KEYS);

  it('signs for each of its addresses', async () => {
    expect(store.addresses()).toEqual(expect.arrayContaining([HOT, TANK]));
    const signature = await store.sign(HOT, HASH);
    expect(await recoverAddress({ hash: HASH, signature })).toBe(HOT);
  });

  it('signs for no other', async () => {
    await expect(store.sign(THIEF, HASH)).rejects.toThrow(`has no key of ${THIEF}`);
  });

  it('shows no key, printed or written', () => {
    for (const text of [
      inspect(store, { depth: null, showHidden: true }),
      JSON.stringify(store),
      SEALED_KEYS,
    ])
      expect(text).not.toContain(KEYS.hot.slice(2));
  });

  it.each([
    ['another key sealed it', OTHER_KEK, SEALED_KEYS, 'cannot be decrypted'],
    ['it is no JSON', KEK, 'x', 'must be a file of sealed keys'],
    ['it is of another version', KEK, '{"version":2,"keys":{}}', 'must be a file of sealed keys'],
    ['it has none', KEK, '{"version":1,"keys":{}}', 'must be a file of sealed keys'],
    [
      'a key was put to another address',
      KEK,
      SEALED_KEYS.replace(HOT, THIEF),
      'cannot be decrypted',
    ],
    [
      'a key is not its address’s',
      KEK,
      sealKeys(KEK, { [THIEF]: KEYS.hot }),
      'belongs to another address',
    ],
    ['a key is none', KEK, sealKeys(KEK, { [THIEF]: '0x00' }), 'belongs to another address'],
  ])('does not open where %s, and prints no key in the error', (_why, kek, text, sentence) => {
    expect(() => new SealedKeyStore(kek, text)).toThrow(sentence);
    expect(() => new SealedKeyStore(kek, text)).not.toThrow(KEYS.hot.slice(2));
  });
});
