import { type GivenOrder, holdOf, type UnclaimedPayment } from './order-holds.js';

const OF_CLIENT = 'c0123456789ABCDEFGHIJKL1';
const OTHER_OF_CLIENT = 'cLKJIHGFEDCBA98765432101';
const OF_WITHDRAWAL = 'w0123456789ABCDEFGHIJKL1';
const PAYMENT = 'USDT 5 address:0xabc:';
const ORDER: GivenOrder = {
  venue: 'gateio',
  tried: [],
  pinned: false,
  destination: { type: 'address', address: '0xabc' },
  clientReference: OF_CLIENT,
  payment: PAYMENT,
};
const PAID: UnclaimedPayment = {
  venue: 'bybit',
  record: 'b1',
  clientReference: null,
  payment: PAYMENT,
};

describe('whether an order may be given to its venue', () => {
  const hold = (
    order: Partial<GivenOrder>,
    payments: readonly UnclaimedPayment[],
    unread: readonly string[] = [],
  ) => holdOf({ ...ORDER, ...order }, { unread, payments });

  it('it may when no other venue has an equal payment and all have read their records', () => {
    expect(hold({}, [])).toBeNull();
    expect(hold({}, [{ ...PAID, payment: 'USDT 6 address:0xabc:' }])).toBeNull();
  });

  it('it moves to the venue that has an equal payment, by fields or by reference', () => {
    const byReference = { ...PAID, clientReference: OF_CLIENT, payment: null };
    for (const paid of [PAID, byReference, { ...PAID, clientReference: OF_WITHDRAWAL }])
      expect(hold({}, [paid])).toEqual({ kind: 'paid_elsewhere', by: paid, moves: true });
  });

  it('a payment under the reference of another order of a client is not this order', () => {
    expect(hold({}, [{ ...PAID, clientReference: OTHER_OF_CLIENT }])).toBeNull();
  });

  it('an order without a reference of its client may be any equal payment', () => {
    const paid = { ...PAID, clientReference: OTHER_OF_CLIENT };
    expect(hold({ clientReference: OF_WITHDRAWAL }, [paid])).toMatchObject({ by: paid });
  });

  it('the payment with its reference counts before one with equal fields', () => {
    const paid = { ...PAID, venue: 'bitmart', clientReference: OF_CLIENT };
    expect(hold({}, [PAID, paid])).toMatchObject({ by: paid });
    expect(hold({}, [PAID, { ...paid, venue: 'gateio' }])).toBeNull();
  });

  it('a venue that has proven that nothing moved there is not asked', () => {
    expect(hold({ tried: ['bybit'] }, [PAID], ['bybit'])).toBeNull();
  });

  it('it waits for the other venues of its route to read their records', () => {
    expect(hold({}, [], ['gateio', 'bybit'])).toEqual({ kind: 'unread', venues: ['bybit'] });
    expect(hold({}, [], ['gateio'])).toBeNull();
  });

  it('an order that names its venue is compared with others by its reference alone, and does not move', () => {
    expect(hold({ pinned: true }, [PAID], ['bybit'])).toBeNull();
    expect(hold({ pinned: true }, [{ ...PAID, clientReference: OF_CLIENT }])).toMatchObject({
      kind: 'paid_elsewhere',
      moves: false,
    });
  });

  it('an account of a venue is another recipient at the next venue', () => {
    const destination = { type: 'venue_account', kind: 'uid', value: '7' } as const;
    expect(hold({ destination }, [PAID], ['bybit'])).toBeNull();
  });
});
