import { destinationKey, isSameDestination } from './destination.js';

describe('destinationKey', () => {
  it('is the same for one EVM address in any case, and only for those', () => {
    const address = '0x99CED129603abc771C0dabE935c326Ff6C86645d';
    const key = (text: string): string => destinationKey({ type: 'address', address: text });

    expect(key(address)).toBe(key(address.toLowerCase()));
    expect(key('TUu2rLFrmzUodiWfYki7QCNtv1akL682p1')).not.toBe(
      key('tuu2rlfrmzuodiwfyki7qcntv1akl682p1'),
    );
  });

  it('distinguishes recipients by every part, at any position of a separator', () => {
    expect(destinationKey({ type: 'address', address: 'a:b', memo: 'c' })).not.toBe(
      destinationKey({ type: 'address', address: 'a', memo: 'b:c' }),
    );
    expect(destinationKey({ type: 'address', address: 'a', memo: '1' })).not.toBe(
      destinationKey({ type: 'address', address: 'a' }),
    );
  });
});

describe('isSameDestination', () => {
  const asked = { type: 'address', address: 'r', memo: '7' } as const;

  it('compares every field, in whatever order they come', () => {
    expect(isSameDestination(asked, { memo: '7', address: 'r', type: 'address' })).toBe(true);
    expect(isSameDestination(asked, { ...asked, memo: '8' })).toBe(false);
    expect(isSameDestination(asked, { type: 'address', address: 'r' })).toBe(false);
  });
});
