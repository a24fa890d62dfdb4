import { VENUE_A, VENUE_B } from '@sluice/test-kit';
import { capture, fund, returnOf, reverse } from './given-ledger.js';
import {
  DIGEST,
  ENDED,
  kept,
  ofAnother,
  OPENED,
  small,
  step,
  w,
  type Scenario,
  type ScenarioStep,
} from './scenario.js';

/** Hold payable by the first venue, which proves its return. */
function orderedAtA(name: string) {
  const { type, data } = small(name);
  return { type, data: { ...data, digest: DIGEST, venue: VENUE_A } };
}

function paid(hold: ReturnType<typeof orderedAtA>, entry: string): readonly ScenarioStep[] {
  const { withdrawalId } = hold.data;
  return [
    {
      ...step(hold, `hold-placed ${withdrawalId}, a, ${VENUE_A}, USDT.ETH, 10`),
      saysAtTheEnd: `hold-placed ${withdrawalId}, a, USDT.ETH, 10`,
    },
    step(capture(hold, '9', '1'), `hold-captured ${withdrawalId}, a, USDT.ETH, 9, 1, ${entry}`),
  ];
}

const [first, second, third] = [orderedAtA('first'), orderedAtA('second'), orderedAtA('third')];
const returned = (amount: string, entry: string, name = 'first') =>
  `payment-returned ${name}, a, ${VENUE_A}, USDT.ETH, ${amount}, ${entry}`;

export const RETURNS: readonly Scenario[] = [
  {
    rule: 'a payment that came back credits the customer once, without our fee, on the proof of its venue',
    steps: [
      ...OPENED,
      ...paid(first, 'entry 2'),
      step(returnOf(first, '9'), returned('9', 'entry 3')),
      step(returnOf(first, '9'), returned('9', 'entry 3')),
      step(returnOf(first, '9', { proof: VENUE_B }), returned('9', 'entry 3')),
      step(reverse('a', 'entry 2'), 'refused not_reversible'),
    ],
    ends: { a: '0 of 99' },
    books: { 'entry 3': ['customer:a 9', `clearing:${VENUE_A} -9`] },
  },
  {
    rule: 'a return taken back by people is not repeated, and its capture may be reversed',
    steps: [
      ...OPENED,
      ...paid(first, 'entry 2'),
      step(returnOf(first, '4'), returned('4', 'entry 3')),
      step(reverse('a', 'entry 3'), 'entry-reversed a, a mistake, entry 3, entry 4'),
      step(returnOf(first, '4'), returned('4', 'entry 3')),
      step(reverse('a', 'entry 2'), 'entry-reversed a, a mistake, entry 2, entry 5'),
    ],
    ends: { a: '0 of 100' },
  },
  {
    rule: 'return-payment refuses in order',
    refusalsOf: 'return-payment',
    steps: [
      ...ENDED,
      ...paid(first, 'entry 3'),
      ...paid(second, 'entry 4'),
      step(capture(kept, '10', '0', 'wallet'), 'hold-captured kept, a, USDT.ETH, 10, 0, entry 5'),
      step(returnOf(first, '4'), returned('4', 'entry 6')),
      step(returnOf(small('unknown'), '0', { venue: VENUE_B }), 'refused hold_not_found'),
      step(returnOf(ofAnother(w), '0', { venue: VENUE_B }), 'refused hold_mismatch'),
      step(returnOf(first, '5', { venue: VENUE_B }), 'refused already_returned'),
      step(returnOf(small('gone'), '0', { venue: VENUE_B }), 'refused hold_not_captured'),
      step(returnOf(w, '0', { venue: VENUE_B }), 'refused venue_mismatch'),
      step(returnOf(kept, '0', { venue: 'wallet' }), 'refused not_returnable'),
      step(returnOf(w, '0'), 'refused not_proven'),
      step(returnOf(second, '0', { proof: VENUE_B }), 'refused not_proven'),
      step(returnOf(second, '0'), 'refused amount_not_positive'),
      step(returnOf(second, '9.000001'), 'refused exceeds_payment'),
      step(reverse('a', 'entry 4'), 'entry-reversed a, a mistake, entry 4, entry 7'),
      step(returnOf(second, '9'), 'refused capture_reversed'),
      ...paid(third, 'entry 8'),
      step(
        fund('a', `${'9'.repeat(22)}00`, 'much'),
        `account-funded a, USDT.ETH, ${'9'.repeat(22)}00, much, entry 9`,
      ),
      step(fund('a', '85', 'more'), 'account-funded a, USDT.ETH, 85, more, entry 10'),
      step(returnOf(third, '9'), 'refused balance_too_large'),
    ],
    ends: { a: `10 of ${'9'.repeat(24)}` },
  },
];
