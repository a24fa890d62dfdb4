import { aKey } from '../testkit/test-authority.js';
import { ChainKeys, endKeyOf, newLock } from './chain-keys.js';

const W = '0193a000-0000-7000-8000-000000000001';

describe('the lock of a hold', () => {
  const [former, present] = [aKey(), aKey()];
  const keys = ChainKeys.parse(present);

  it('is opened by the key of this hold alone', () => {
    const lock = newLock(keys, W, 'lasting');

    expect(endKeyOf(keys, { withdrawalId: W, lock })).toMatch(/^[0-9a-f]{32}$/);
    expect(endKeyOf(keys, { withdrawalId: W.replace('1', '2'), lock })).toBeNull();
    expect(lock).not.toContain(endKeyOf(keys, { withdrawalId: W, lock }));
  });

  it.each([
    ['lasting', 'expiring'],
    ['expiring', 'lasting'],
  ] as const)('of a %s hold is not that of an %s one', (kind, other) => {
    const lock = newLock(keys, W, kind);

    expect(endKeyOf(keys, { withdrawalId: W, lock }, [kind])).not.toBeNull();
    expect(endKeyOf(keys, { withdrawalId: W, lock }, [other])).toBeNull();
  });

  it('of a former key is opened while the key is kept', () => {
    const lock = newLock(ChainKeys.parse(former), W, 'lasting');

    expect(
      endKeyOf(ChainKeys.parse(`${present}\n${former}`), { withdrawalId: W, lock }),
    ).not.toBeNull();
    expect(endKeyOf(keys, { withdrawalId: W, lock })).toBeNull();
  });

  it.each(['', null, '0'.repeat(48)])('that the ledger did not make has no key: %s', (lock) => {
    expect(endKeyOf(keys, { withdrawalId: W, lock })).toBeNull();
  });
});
