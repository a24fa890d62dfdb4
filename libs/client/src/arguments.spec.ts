import { generateKeyPairSync } from 'node:crypto';
import { checkedOrder } from './arguments.js';
import { SluiceClient } from './sluice-client.js';
import type { WithdrawalOrder } from './withdrawal.js';

const KEY = { url: 'https://pay.example', keyId: 'ck_1', secret: 's' };
const ORDER: WithdrawalOrder = {
  currency: 'USDT',
  network: 'TRX',
  to_address: 'TGZQXjpvvfjZFLYdL6cnNTaxNRbGmthPLL',
  amount: '25',
  client_reference: 'order-1',
};
const unreachable: typeof fetch = () => Promise.reject(new Error('this test sends nothing'));

describe('options that make no sense', () => {
  const { privateKey } = generateKeyPairSync('ed25519');
  const wrong: readonly (readonly [object, string])[] = [
    [{ url: 'ftp://pay.example' }, 'url: Input should begin with https://'],
    [{ url: 'pay.example' }, 'url: Input should begin with https://'],
    [
      { url: 'https://pay.example/v1' },
      'url: Input should be an origin: no path, no query, no user',
    ],
    [{ keyId: '' }, 'keyId: Input should be text'],
    [{ secret: '' }, 'secret: Input should be text'],
    [{ privateKey }, 'secret, privateKey: Exactly one of them should be given'],
    [{ attempts: 0 }, 'attempts: Input should be a whole number of at least 1'],
    [{ timeoutMs: 1.5 }, 'timeoutMs: Input should be a whole number of at least 1'],
  ];

  it.each(wrong)('%j', (change, sentence) => {
    expect(() => new SluiceClient({ ...KEY, ...change })).toThrow(new TypeError(sentence));
  });
});

describe('arguments that make no sense are refused before anything is sent', () => {
  const { withdrawals } = new SluiceClient({ ...KEY, fetch: unreachable });
  const wrong: readonly (readonly [object, string])[] = [
    [{ amount: 25 }, 'amount: Input should be decimal text'],
    [{ amount: '1e3' }, 'amount: Input should be decimal text'],
    [{ amount: '-1' }, 'amount: Input should be decimal text'],
    [{ client_reference: '' }, 'client_reference: Input should be text of 1 to 128 characters'],
    [
      { client_reference: undefined },
      'client_reference: Input should be text of 1 to 128 characters',
    ],
    [
      { client_reference: 'x'.repeat(129) },
      'client_reference: Input should be text of 1 to 128 characters',
    ],
  ];

  it.each(wrong)('%j', async (change, sentence) => {
    await expect(withdrawals.create({ ...ORDER, ...change })).rejects.toThrow(sentence);
    await expect(withdrawals.preview({ ...ORDER, ...change })).rejects.toThrow(sentence);
    await expect(withdrawals.createBatch([ORDER, { ...ORDER, ...change }])).rejects.toThrow(
      sentence,
    );
  });

  it('a reference of 129 emoji, and none of 128: its code points are counted', () => {
    const checked = (emoji: number) =>
      checkedOrder({ ...ORDER, client_reference: '🔑'.repeat(emoji) });

    expect(() => checked(129)).toThrow(TypeError);
    expect(checked(128).client_reference).toHaveLength(256);
  });

  it('an id that is none', async () => {
    for (const id of [-1, 1.5, Number.NaN, 2 ** 53])
      await expect(withdrawals.get(id)).rejects.toThrow(
        'id: Input should be the id of a withdrawal',
      );
  });

  it('a batch without orders, and one with too many', async () => {
    for (const orders of [[], Array.from({ length: 501 }, () => ORDER)])
      await expect(withdrawals.createBatch(orders)).rejects.toThrow(
        'List should have 1 to 500 orders',
      );
  });
});
