import { Amount } from '@sluice/kernel';
import { Book } from './book.js';
import { recordGas, recordGasTopUp, recordWalletFunding } from './wallet-bookings.js';

const WORTHS = { POL: '0.25' };
const AT = '2026-11-23T12:00:00.000Z';
const cmd = (amount: string) => ({
  network: 'POLYGON',
  wallet: 'hot' as const,
  reference: '0x1',
  effectiveAt: null,
  amount: Amount.of(amount, 'POL.POLYGON'),
});
const newId = () => 'entry';

describe('a coin that no release names', () => {
  it('is booked once its worth is stated, up to what that allows', () => {
    expect(recordGas(new Book(), cmd('40'), AT, newId, WORTHS).ok).toBe(true);
    expect(recordGasTopUp(new Book(), cmd('2000'), AT, newId, WORTHS).ok).toBe(true);
    expect(recordWalletFunding(new Book(), cmd('2000000'), AT, newId, WORTHS).ok).toBe(true);
  });

  it('is refused above that', () => {
    const above = { ok: false, refusal: { kind: 'above_ceiling' } };
    expect(recordGas(new Book(), cmd('40.1'), AT, newId, WORTHS)).toEqual(above);
    expect(recordGasTopUp(new Book(), cmd('2000.1'), AT, newId, WORTHS)).toEqual(above);
    expect(recordWalletFunding(new Book(), cmd('2000000.1'), AT, newId, WORTHS)).toEqual(above);
  });

  it('is refused while its worth is not stated', () => {
    expect(recordGas(new Book(), cmd('1'), AT, newId)).toMatchObject({ ok: false });
    expect(recordGasTopUp(new Book(), cmd('1'), AT, newId)).toMatchObject({ ok: false });
    expect(recordWalletFunding(new Book(), cmd('1'), AT, newId)).toMatchObject({ ok: false });
  });
});
