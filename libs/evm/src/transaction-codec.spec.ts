import fc from 'fast-check';
import { serializeTransaction, type Address, type Hex, type TransactionSerializable } from 'viem';
import { privateKeyToAccount, sign } from 'viem/accounts';
import type { NumberedTransfer } from './transfer-proof.js';
import {
  readSigned,
  readUnsigned,
  signedTransaction,
  signingHash,
  unsignedBytes,
} from './transaction-codec.js';

const KEY: Hex = `0x${'42'.repeat(32)}`;
const sender = privateKeyToAccount(KEY);
const TO: Address = '0x00000000219ab540356cBB839Cbe05303d7705Fa';
const TOKEN: Address = '0xdAC17F958D2ee523a2206206994597C13D831ec7';
const BASE = {
  type: 'eip1559',
  chainId: 1,
  nonce: 7,
  gas: 65_000n,
  maxFeePerGas: 30_000_000_000n,
  maxPriorityFeePerGas: 1_000_000_000n,
} as const;
const transfer = (changes: Partial<NumberedTransfer> = {}): NumberedTransfer => ({
  chainId: 1,
  from: sender.address,
  to: TO,
  token: null,
  amount: 12_345n,
  nonce: 7n,
  fees: { gasLimit: 65_000n, maxFeePerGas: 30_000_000_000n, maxPriorityFeePerGas: 1_000_000_000n },
  ...changes,
});
const calldata = (amount = '1'): Hex =>
  `0xa9059cbb${TO.slice(2).toLowerCase().padStart(64, '0')}${amount.padStart(64, '0')}`;

const anyUint = (bits: number) => fc.bigInt(0n, 2n ** BigInt(bits) - 1n);
const anyAddress = fc
  .uint8Array({ minLength: 20, maxLength: 20 })
  .map((bytes) => privateKeyToAddress(bytes));
const anyTransfer: fc.Arbitrary<NumberedTransfer> = fc.record({
  chainId: fc.integer({ min: 1, max: 2 ** 40 }),
  from: fc.constant(sender.address),
  to: anyAddress,
  token: fc.option(anyAddress),
  amount: anyUint(256),
  nonce: anyUint(53),
  fees: fc.record({
    gasLimit: anyUint(40),
    maxFeePerGas: fc.bigInt(2n ** 50n, 2n ** 60n),
    maxPriorityFeePerGas: anyUint(50),
  }),
});

/** Some address with its checksum. */
function privateKeyToAddress(bytes: Uint8Array): Address {
  const key = Buffer.from([...bytes, ...new Uint8Array(12).fill(1)]).toString('hex');
  return privateKeyToAccount(`0x${key}`).address;
}

async function signed(of: NumberedTransfer) {
  const { r, s, yParity } = await sign({ hash: signingHash(unsignedBytes(of)), privateKey: KEY });
  return signedTransaction(of, { r, s, yParity: yParity === 0 ? 0 : 1 });
}

describe('a plain transfer', () => {
  it.each([
    ['native', transfer(), { to: TO, value: 12_345n }],
    ['token', transfer({ token: TOKEN, amount: 1n }), { to: TOKEN, value: 0n, data: calldata() }],
  ])('is written as a wallet library writes and signs it: %s', async (_kind, of, fields) => {
    const theirs = await sender.signTransaction({ ...BASE, ...fields });

    expect((await signed(of)).raw).toBe(theirs);
  });

  it('is read back from what is signed and from what travels, whatever it is', () =>
    fc.assert(
      fc.asyncProperty(anyTransfer, async (of) => {
        const { from: _from, ...content } = of;

        expect(readUnsigned(unsignedBytes(of))).toEqual({ ok: true, value: content });
        expect(await readSigned((await signed(of)).raw)).toEqual({ ok: true, value: of });
      }),
      { numRuns: 50 },
    ));

  it('is another one as soon as one byte of it is', () =>
    fc.assert(
      fc.asyncProperty(
        anyTransfer,
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        async (of, at, flip) => {
          const bytes = Buffer.from((await signed(of)).raw.slice(2), 'hex');
          const place = at % bytes.length;
          bytes[place] = (bytes[place] ?? 0) ^ flip;

          const read = await readSigned(`0x${bytes.toString('hex')}`);

          expect(read.ok && read.value).not.toEqual(of);
        },
      ),
      { numRuns: 100 },
    ));
});

describe('what is no plain transfer is refused', () => {
  const unsigned = (fields: Partial<TransactionSerializable>): Hex =>
    serializeTransaction({ ...BASE, to: TO, ...fields } as TransactionSerializable);
  const word = (text: string) => text.padStart(64, '0');
  const spender = TO.slice(2).toLowerCase();

  it.each<[string, Hex, string]>([
    [
      'approve',
      unsigned({ data: `0x095ea7b3${word(spender)}${word('1')}` }),
      'calls something else',
    ],
    [
      'transferFrom',
      unsigned({ data: `0x23b872dd${word(spender)}${word(spender)}${word('1')}` }),
      'calls something else',
    ],
    ['one byte of data', unsigned({ data: '0x00' }), 'calls something else'],
    ['a cut call', unsigned({ data: calldata().slice(0, -2) as Hex }), 'calls something else'],
    ['a longer call', unsigned({ data: `${calldata()}00` }), 'calls something else'],
    [
      'an address of more than 20 bytes',
      unsigned({ data: calldata().replace('a9059cbb00', 'a9059cbb01') as Hex }),
      'calls something else',
    ],
    [
      'a call that pays',
      unsigned({ data: calldata(), value: 1n }),
      'to a contract together with a call',
    ],
    ['a creation', unsigned({ to: undefined, data: '0x6000' }), 'creates a contract'],
    [
      'an access list',
      unsigned({ accessList: [{ address: TO, storageKeys: [] }] }),
      'has an access list',
    ],
    [
      'the form of before EIP-1559',
      serializeTransaction({ type: 'legacy', chainId: 1, to: TO, gasPrice: 1n, gas: 21_000n }),
      'no EIP-1559 transaction',
    ],
    [
      'one that hands the account over (EIP-7702)',
      serializeTransaction({ ...BASE, type: 'eip7702', to: TO, authorizationList: [] }),
      'no EIP-1559 transaction',
    ],
    ['nothing', '0x', 'no EIP-1559 transaction'],
    ['a type alone', '0x02', 'no EIP-1559 transaction'],
    ['noise', '0x02ff', 'cannot be read'],
  ])('%s', (_what, bytes, sentence) => {
    expect(readUnsigned(bytes)).toEqual({
      ok: false,
      refusal: expect.stringContaining(sentence) as string,
    });
  });

  it('a signed one where an unsigned one is meant, and the other way round', async () => {
    expect(readUnsigned((await signed(transfer())).raw)).toMatchObject({
      refusal: 'it is signed already',
    });
    expect(await readSigned(unsignedBytes(transfer()))).toMatchObject({
      refusal: 'it is not signed',
    });
  });
});
