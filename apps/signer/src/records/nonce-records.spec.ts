import { KeyRing } from '@sluice/signing';
import { aRow } from '../testkit/wallets.js';
import { ClosedMemory, NonceSeals } from './nonce-records.js';

const key = (id: string) => ({
  id,
  key: Buffer.from(`${id}: 0123456789abcdefghijklmnop`).toString('base64'),
});
const [OLD, NEW] = [key('old-key'), key('new-key')];
const seals = new NonceSeals(new KeyRing([NEW, OLD]));

describe('the seal of a signed nonce', () => {
  it('holds for the row that was sealed', () => {
    expect(seals.isSealed(seals.sealed(aRow(), 1n))).toBe(true);
  });

  it.each<[string, object]>([
    ['chain', { chain_id: '56' }],
    ['address', { address: '0x00000000219ab540356cBB839Cbe05303d7705Fa' }],
    ['nonce', { nonce: '8' }],
    ['kind', { kind: 'top_up' }],
    ['withdrawal', { withdrawal_id: '00000000-0000-4000-8000-000000000000' }],
    ['withdrawal, left out', { withdrawal_id: null }],
    ['recipient', { recipient: '0x00000000219ab540356cBB839Cbe05303d7705Fa' }],
    ['token', { token: null }],
    ['units', { units: '12500001' }],
    ['coin of the gas', { gas_asset: 'BNB.BSC' }],
    ['number', { number: '2' }],
    ['seal', { seal: '' }],
  ])('is wrong for another %s', (_what, change) => {
    expect(seals.isSealed({ ...seals.sealed(aRow(), 1n), ...change })).toBe(false);
  });

  it('is wrong under a key that the signer does not have', () => {
    const other = new NonceSeals(new KeyRing([key('another')]));
    expect(seals.isSealed(other.sealed(aRow(), 1n))).toBe(false);
  });

  it('holds under an older key, and is renewed with the newest', () => {
    const row = new NonceSeals(new KeyRing([OLD])).sealed(aRow(), 3n);

    const renewed = seals.renewed(row);

    expect(seals.isSealed(row)).toBe(true);
    expect(renewed).toEqual(new NonceSeals(new KeyRing([NEW])).sealed(aRow(), 3n));
    expect(renewed && seals.renewed(renewed)).toBe(null);
  });
});

describe('the memory of closed withdrawals', () => {
  it('misses a known withdrawal that is no longer closed', () => {
    const memory = new ClosedMemory();
    memory.learn(['a', 'b']);
    expect(memory.reopened(['c', 'a', 'b'], ['a', 'b'])).toBeNull();
    expect(memory.reopened(['c', 'a', 'b'], ['a'])).toBe('b');
    expect(memory.reopened(['c'], [])).toBeNull();
  });

  it('forgets the oldest', () => {
    const memory = new ClosedMemory(2);
    memory.learn(['a', 'b', 'c']);
    expect(memory.reopened(['a'], [])).toBeNull();
    expect(memory.reopened(['b'], [])).toBe('b');
  });
});
