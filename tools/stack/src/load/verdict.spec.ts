import { randomOf } from './random.js';
import { drawOrder, type Order } from './orders.js';
import { count, judge, verdictLine, type Booked, type Evidence, type PaidAt } from './verdict.js';

const BANK = { user_id: 'u', account_group_id: 'g', reference_account_id: 'r' };

const order = (change: Partial<Order> = {}): Order => ({
  ...drawOrder(randomOf(1), 1, {
    clients: 1,
    bankAccount: BANK,
    forms: ['gateio-address'],
    plain: true,
  }),
  amount: '12.50',
  ...change,
});

const paid = (
  change: Partial<PaidAt['payment']> = {},
  venue: PaidAt['venue'] = 'gateio',
): PaidAt => ({
  venue,
  payment: {
    id: 'w1',
    client_id: 'c1',
    currency: 'USDT',
    destination: '0x',
    memo: null,
    chain: null,
    amount: '',
    net_amount: '12.5',
    status: 'DONE',
    created_at: '',
    ...change,
  },
});

const booked = (state: string): Booked => ({
  id: 'uuid',
  number: '7',
  state,
  venue: 'gateio',
  fee: '1',
});

function judged(evidence: Partial<Evidence> & { asked?: Partial<Evidence['asked']> }) {
  const { asked, ...rest } = evidence;
  return judge({
    paid: [],
    booked: undefined,
    named: [],
    ...rest,
    asked: { order: order(), number: '7', ...asked },
  });
}

describe('the judge', () => {
  it.each([
    ['paid and completed', { paid: [paid()], booked: booked('completed') }, 'paid once'],
    [
      'paid by one venue twice',
      { paid: [paid(), paid({ id: 'w2' })], booked: booked('completed') },
      'twice',
    ],
    [
      'paid by two venues',
      { paid: [paid(), paid({}, 'bybit')], booked: booked('completed') },
      'twice',
    ],
    [
      'paid with another amount',
      { paid: [paid({ net_amount: '12.6' })], booked: booked('completed') },
      'wrong',
    ],
    [
      'paid by another venue than the requested venue',
      { paid: [paid({}, 'bybit')], booked: booked('completed') },
      'wrong',
    ],
    ['paid and released', { paid: [paid()], booked: booked('failed') }, 'wrong'],
    [
      'paid and released, with a case',
      { paid: [paid()], booked: booked('failed'), named: ['case paid_after_absent'] },
      'wrong',
    ],
    ['paid and unknown to the gateway', { paid: [paid()] }, 'lost'],
    [
      'paid, unknown to the gateway, and reported by a halt',
      { paid: [paid()], named: ['halt at gateio'] },
      'waiting reported',
    ],
    [
      'paid and still under way',
      { paid: [paid()], booked: booked('submitted') },
      'waiting unreported',
    ],
    ['booked and not paid', { booked: booked('completed') }, 'lost'],
    ['failed and not paid', { booked: booked('failed') }, 'unpaid and released'],
    ['answered with a number that the gateway does not know', {}, 'lost'],
    ['refused', { asked: { number: undefined, refused: '422 no' } }, 'unpaid and released'],
    ['never answered and never taken', { asked: { number: undefined } }, 'unpaid and released'],
    [
      'waiting for a person',
      { booked: booked('undecided'), named: ['undecided: an operator decides'] },
      'waiting reported',
    ],
    [
      'waiting, and not reported to operators',
      { booked: booked('submitting') },
      'waiting unreported',
    ],
    [
      'confirmed to the client, and failed on record',
      { asked: { status: 'confirmed' }, booked: booked('failed') },
      'wrong',
    ],
    [
      'reported as cancelled, unpaid, and open again after a restore',
      { asked: { status: 'cancelled' }, booked: booked('undecided') },
      'waiting unreported',
    ],
    [
      'paid and confirmed to the client, and open again after a restore',
      {
        asked: { status: 'confirmed' },
        paid: [paid()],
        booked: booked('uncertain'),
        named: ['looked up'],
      },
      'waiting reported',
    ],
    [
      'confirmed to the client, open and unpaid',
      { asked: { status: 'confirmed' }, booked: booked('uncertain'), named: ['looked up'] },
      'wrong',
    ],
    [
      "a number that shows somebody else's request",
      {
        asked: { foreignRecord: 'number 7 shows n-3' },
        paid: [paid()],
        booked: booked('completed'),
      },
      'wrong',
    ],
  ] as const)('%s', (_name, evidence, kind) => {
    expect(judged(evidence as Parameters<typeof judged>[0]).kind).toBe(kind);
  });

  it('reads 12.50 and 12.5 as the same amount', () => {
    expect(
      judged({ paid: [paid({ net_amount: '12.50' })], booked: booked('completed') }).kind,
    ).toBe('paid once');
  });

  it('summarises the run in one line', () => {
    const counts = count([
      judged({ paid: [paid()], booked: booked('completed') }),
      judged({ booked: booked('failed') }),
      judged({ booked: booked('undecided'), named: ['x'] }),
    ]);

    expect(verdictLine(counts)).toBe(
      '3 requested, 1 paid once, 1 unpaid and released, 0 twice, 0 lost, 0 wrong, 0 waiting unreported (1 waiting, reported to operators)',
    );
  });
});
