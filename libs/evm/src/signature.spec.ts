import fc from 'fast-check';
import { bytesToHex, hexToBigInt, keccak256, toHex, type Hex } from 'viem';
import { privateKeyToAccount, sign } from 'viem/accounts';
import { ethereumSignature } from './transaction-codec.js';

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const KEY: Hex = `0x${'17'.repeat(32)}`;
const { address } = privateKeyToAccount(KEY);
const OTHER = privateKeyToAccount(`0x${'18'.repeat(32)}`).address;
const HASH = keccak256(toHex('a transaction'));

const anyHash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => bytesToHex(bytes));

async function given(hash: Hex) {
  const { r, s, yParity } = await sign({ hash, privateKey: KEY });
  return { made: { r, s, yParity }, r: hexToBigInt(r), s: hexToBigInt(s) };
}

describe('the signature of a key store', () => {
  it('becomes that of a transaction, whichever of the two s it gave', () =>
    fc.assert(
      fc.asyncProperty(anyHash, fc.boolean(), async (hash, high) => {
        const { made, r, s } = await given(hash);

        expect(await ethereumSignature(hash, { r, s: high ? ORDER - s : s }, address)).toEqual(
          made,
        );
      }),
      { numRuns: 30 },
    ));

  it('is refused where another key signed, or another hash was signed', async () => {
    const { r, s } = await given(HASH);

    await expect(ethereumSignature(HASH, { r, s }, OTHER)).rejects.toThrow('is not that of');
    const other = keccak256(toHex('another'));
    await expect(ethereumSignature(other, { r, s }, address)).rejects.toThrow('is not that of');
  });

  it.each([
    [0n, 1n],
    [1n, 0n],
    [ORDER, 1n],
    [1n, ORDER],
  ])('is refused where it is none: %p, %p', async (r, s) => {
    await expect(ethereumSignature(HASH, { r, s }, address)).rejects.toThrow('gave no signature');
  });

  it('is refused where its r is on no point of the curve', async () => {
    await expect(ethereumSignature(HASH, { r: 5n, s: 1n }, address)).rejects.toThrow(
      'is not that of',
    );
  });
});
