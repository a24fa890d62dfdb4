import { VENUE_A, VENUE_B } from '@sluice/test-kit';
import {
  assign,
  BTC,
  capture,
  expire,
  freeze,
  fund,
  openAccount,
  place,
  placeUntil,
  release,
  reverse,
  startSubmission,
  transfer,
  unfreeze,
  venueFee,
  withVenueFee,
} from './given-ledger.js';
import {
  step,
  OPENED,
  SECOND_ACCOUNT,
  w,
  placed,
  captured,
  released,
  lost,
  kept,
  due,
  ordered,
  placedAtA,
  NINE,
  small,
  type Scenario,
} from './scenario.js';

export const LIFECYCLE: readonly Scenario[] = [
  {
    rule: 'money arrives once by each reference',
    steps: [
      ...OPENED,
      step(
        fund('a', '100.00', 'first deposit'),
        'account-funded a, USDT.ETH, 100, first deposit, entry 1',
      ),
      step(
        fund('a', '0.5', 'other asset', BTC),
        'account-funded a, BTC.BTC, 0.5, other asset, entry 2',
      ),
    ],
    ends: { a: '0 of 100', 'a BTC.BTC': '0 of 0.5' },
    books: {
      'entry 1': ['customer:a 100', 'funding -100'],
      'entry 2': ['customer:a 0.5', 'funding -0.5'],
    },
  },
  {
    rule: 'a hold is captured in part and with another fee: the rest of it is available again; then the venue reports its own fee',
    steps: [
      ...OPENED,
      placed(w),
      step(startSubmission(w), 'submission-started w, a'),
      step(capture(w, '50', '1.5'), 'hold-captured w, a, USDT.ETH, 50, 1.5, entry 2'),
      step(venueFee(w, '0.4'), `venue-fee-recorded w, a, ${VENUE_A}, USDT.ETH, 0.4, entry 3`),
    ],
    ends: { a: '0 of 48.5' },
    books: {
      'entry 2': ['customer:a -51.5', `clearing:${VENUE_A} 50`, 'fee-income 1.5'],
      'entry 3': [`clearing:${VENUE_A} 0.4`, `venue-fee:${VENUE_A} -0.4`],
    },
  },
  {
    rule: 'a capture books the fee of the venue in an entry of its own; a fee of another amount, or of nothing, does not prevent the capture',
    steps: [
      ...OPENED,
      placed(w),
      step(
        withVenueFee(capture(w, '50', '1.5'), '0.4'),
        'hold-captured w, a, USDT.ETH, 50, 1.5, 0.4, entry 2, entry 3',
      ),
      step(venueFee(w, '0.4'), `venue-fee-recorded w, a, ${VENUE_A}, USDT.ETH, 0.4, entry 3`),
      step(venueFee(w, '0.3'), 'refused venue_fee_reused'),
      step(capture(w, '50', '1.5'), 'hold-captured w, a, USDT.ETH, 50, 1.5, entry 2'),
      step(
        withVenueFee(capture(w, '50', '1.5'), '0.3'),
        'hold-captured w, a, USDT.ETH, 50, 1.5, entry 2',
      ),
      step(reverse('a', 'entry 3'), 'entry-reversed a, a mistake, entry 3, entry 4'),
      placed(small('free')),
      step(
        withVenueFee(capture(small('free'), '10'), '0'),
        'hold-captured free, a, USDT.ETH, 10, 0, entry 5',
      ),
      step(
        withVenueFee(capture(small('free'), '10'), '0.2'),
        'hold-captured free, a, USDT.ETH, 10, 0, entry 5',
      ),
    ],
    ends: { a: '0 of 38.5' },
    books: {
      'entry 2': ['customer:a -51.5', `clearing:${VENUE_A} 50`, 'fee-income 1.5'],
      'entry 3': [`clearing:${VENUE_A} 0.4`, `venue-fee:${VENUE_A} -0.4`],
      'entry 4': [`clearing:${VENUE_A} -0.4`, `venue-fee:${VENUE_A} 0.4`],
    },
  },
  {
    rule: 'a fee of the venue before its capture is refused, and leaves the capture its own; the capture after a release books no fee',
    steps: [
      ...OPENED,
      placed(w),
      placed(lost),
      step(venueFee(w, '0.4'), 'refused hold_not_captured'),
      step(
        withVenueFee(capture(w, '60'), '0.4'),
        'hold-captured w, a, USDT.ETH, 60, 0, 0.4, entry 2, entry 3',
      ),
      released(lost),
      step(withVenueFee(capture(lost, '10'), '0.4'), 'refused already_released'),
      step(venueFee(lost, '0.4'), 'refused hold_not_captured'),
    ],
    ends: { a: '0 of 40' },
  },
  {
    rule: 'a payment by our own wallet is booked to the account of its chain',
    steps: [
      ...OPENED,
      placed(w),
      step(capture(w, '60', '0', 'wallet'), 'hold-captured w, a, USDT.ETH, 60, 0, entry 2'),
      step(venueFee(w, '0.1', 'wallet'), 'venue-fee-recorded w, a, wallet, USDT.ETH, 0.1, entry 3'),
    ],
    ends: { a: '0 of 40' },
    books: {
      'entry 2': ['customer:a -60', 'hot-wallet:ETH 60'],
      'entry 3': ['hot-wallet:ETH 0.1', 'venue-fee:wallet -0.1'],
    },
  },
  {
    rule: 'a hold that is released is available again',
    steps: [...OPENED, placed(w), released(w)],
    ends: { a: '0 of 100' },
  },
  {
    rule: 'a hold of a venue goes to the next one, and is available again, on the proof of the venue that has it',
    steps: [
      ...OPENED,
      { ...placedAtA, saysAtTheEnd: 'hold-placed ordered, a, USDT.ETH, 10' },
      {
        ...step(
          assign(ordered, VENUE_B, VENUE_A, VENUE_A),
          `hold-assigned ordered, a, ${VENUE_B}, USDT.ETH, 10`,
        ),
        saysAtTheEnd: 'refused already_released',
      },
      step(release(ordered, 'proven by the one before', VENUE_A), 'refused not_proven'),
      step(release(ordered, 'proven', VENUE_B), 'hold-released ordered, a, USDT.ETH, 10'),
    ],
    ends: { a: '0 of 100' },
  },
  {
    rule: 'a repeated hold command names the venue of the existing hold',
    steps: [
      ...OPENED,
      { ...placedAtA, saysAtTheEnd: `hold-placed ordered, a, ${VENUE_B}, USDT.ETH, 10` },
      step(
        assign(ordered, VENUE_B, VENUE_A, VENUE_A),
        `hold-assigned ordered, a, ${VENUE_B}, USDT.ETH, 10`,
      ),
    ],
    ends: { a: '10 of 100' },
  },
  {
    rule: 'a refused hold is refused for ever with what there was at first, whatever has arrived since',
    steps: [
      ...OPENED,
      step(place('a', '200', 'w'), 'hold-refused w, a, USDT.ETH, 200, insufficient_funds, 100'),
      step(fund('a', '900', 'too late'), 'account-funded a, USDT.ETH, 900, too late, entry 2'),
      step(place('a', '200', 'w'), 'hold-refused w, a, USDT.ETH, 200, insufficient_funds, 100'),
      step(capture(place('a', '200', 'w'), '1'), 'refused hold_not_found'),
    ],
    ends: { a: '0 of 1000' },
  },
  {
    rule: 'a hold expires when it is due, unless a submission has started: then it ends by proof alone',
    steps: [
      ...OPENED,
      placed(due),
      placed(placeUntil(NINE, 'a', '20', 'sent')),
      step(startSubmission(placeUntil(NINE, 'a', '20', 'sent')), 'submission-started sent, a'),
      step(expire(due), 'refused not_due'),
      step(expire(due), 'hold-expired due, a, USDT.ETH, 10', NINE),
      step(expire(placeUntil(NINE, 'a', '20', 'sent')), 'refused not_expirable'),
      step(startSubmission(due), 'refused already_expired'),
      captured(placeUntil(NINE, 'a', '20', 'sent'), '20', 'entry 2'),
    ],
    ends: { a: '0 of 80' },
  },
  {
    rule: 'an account is frozen until each of its freezes is lifted; what was promised before still ends as it must',
    steps: [
      ...OPENED,
      placed(w),
      step(freeze('a', 'case 1'), 'account-frozen a, case 1'),
      step(freeze('a', 'case 2'), 'account-frozen a, case 2'),
      step(unfreeze('a', 'case 1'), 'account-unfrozen a, case 1'),
      step(place('a', '1', 'w2'), 'hold-refused w2, a, USDT.ETH, 1, account_frozen, -'),
      step(freeze('a', 'case 1'), 'account-frozen a, case 1'),
      step(fund('a', '5', 'arrives'), 'account-funded a, USDT.ETH, 5, arrives, entry 2'),
      step(
        transfer('a', 'suspense', 'customer:a', '1', 'in'),
        'funds-transferred a, suspense, customer:a, USDT.ETH, 1, in, entry 3',
      ),
      captured(w, '60', 'entry 4'),
      step(unfreeze('a', 'case 2'), 'account-unfrozen a, case 2'),
      placed(place('a', '46', 'w3')),
    ],
    ends: { a: '46 of 46' },
  },
  {
    rule: 'treasury moves money between own accounts, and between one customer and them',
    steps: [
      ...OPENED,
      step(
        transfer('a', 'customer:a', 'suspense', '30', 't1'),
        'funds-transferred a, customer:a, suspense, USDT.ETH, 30, t1, entry 2',
      ),
      step(
        transfer('a', 'suspense', `clearing:${VENUE_B}`, '5', 't2'),
        `funds-transferred a, suspense, clearing:${VENUE_B}, USDT.ETH, 5, t2, entry 3`,
      ),
      step(
        transfer('a', 'customer:a', 'suspense', '30', 't1'),
        'funds-transferred a, customer:a, suspense, USDT.ETH, 30, t1, entry 2',
      ),
    ],
    ends: { a: '0 of 70' },
    books: {
      'entry 2': ['customer:a -30', 'suspense 30'],
      'entry 3': ['suspense -5', `clearing:${VENUE_B} 5`],
    },
  },
  {
    rule: 'an entry is taken back once by its opposite, also on a frozen account; the hold behind it stays captured',
    steps: [
      ...OPENED,
      placed(w),
      captured(w, '60', 'entry 2'),
      step(venueFee(w, '0.4'), `venue-fee-recorded w, a, ${VENUE_A}, USDT.ETH, 0.4, entry 3`),
      step(freeze('a'), 'account-frozen a, case 1'),
      step(reverse('a', 'entry 2'), 'entry-reversed a, a mistake, entry 2, entry 4'),
      step(reverse('a', 'entry 2', 'sent again'), 'entry-reversed a, a mistake, entry 2, entry 4'),
      step(reverse('a', 'entry 3'), 'entry-reversed a, a mistake, entry 3, entry 5'),
      step(release(w), 'refused already_captured'),
    ],
    ends: { a: '0 of 100' },
    books: {
      'entry 4': ['customer:a 60', `clearing:${VENUE_A} -60`],
      'entry 5': [`clearing:${VENUE_A} -0.4`, `venue-fee:${VENUE_A} 0.4`],
    },
  },
  {
    rule: 'a venue fee that was wrong is reversed and recorded anew under its own reference, one standing at a time; each is answered for ever',
    steps: [
      ...OPENED,
      placed(w),
      captured(w, '60', 'entry 2'),
      step(venueFee(w, '0.4'), `venue-fee-recorded w, a, ${VENUE_A}, USDT.ETH, 0.4, entry 3`),
      step(venueFee(w, '0.3', VENUE_A, 'corrected'), 'refused venue_fee_reused'),
      step(venueFee(w, '0.4', VENUE_A, 'corrected'), 'refused venue_fee_reused'),
      step(reverse('a', 'entry 3'), 'entry-reversed a, a mistake, entry 3, entry 4'),
      step(venueFee(w, '0.3'), 'refused venue_fee_reused'),
      step(venueFee(w, '0.3', VENUE_B, 'corrected'), 'refused venue_mismatch'),
      step(venueFee(w, '0', VENUE_A, 'corrected'), 'refused amount_not_positive'),
      step(
        venueFee(w, '0.3', VENUE_A, 'corrected'),
        `venue-fee-recorded w, a, ${VENUE_A}, USDT.ETH, 0.3, corrected, entry 5`,
      ),
      step(venueFee(w, '0.4'), `venue-fee-recorded w, a, ${VENUE_A}, USDT.ETH, 0.4, entry 3`),
      step(venueFee(w, '0.2', VENUE_A, 'corrected again'), 'refused venue_fee_reused'),
      step(reverse('a', 'entry 5'), 'entry-reversed a, a mistake, entry 5, entry 6'),
      step(venueFee(w, '0.2', VENUE_A, 'corrected'), 'refused venue_fee_reused'),
      step(
        venueFee(w, '0.2', VENUE_A, 'corrected again'),
        `venue-fee-recorded w, a, ${VENUE_A}, USDT.ETH, 0.2, corrected again, entry 7`,
      ),
      step(
        venueFee(w, '0.3', VENUE_A, 'corrected'),
        `venue-fee-recorded w, a, ${VENUE_A}, USDT.ETH, 0.3, corrected, entry 5`,
      ),
    ],
    ends: { a: '0 of 40' },
    books: {
      'entry 6': [`clearing:${VENUE_A} -0.3`, `venue-fee:${VENUE_A} 0.3`],
      'entry 7': [`clearing:${VENUE_A} 0.2`, `venue-fee:${VENUE_A} -0.2`],
    },
  },
  {
    rule: 'the end of a hold is final: neither a capture nor a release changes it',
    steps: [
      ...OPENED,
      placed(lost),
      placed(kept),
      captured(kept, '10', 'entry 2'),
      released(lost),
      step(release(kept), 'refused already_captured'),
      step(capture(kept, '9'), 'refused already_captured'),
      step(capture(lost, '10'), 'refused already_released'),
    ],
    ends: { a: '0 of 90' },
  },
  {
    rule: 'assets of one account and accounts of one asset are kept apart',
    steps: [
      ...OPENED,
      SECOND_ACCOUNT,
      step(
        fund('b', '7', 'first deposit'),
        'account-funded b, USDT.ETH, 7, first deposit, entry 2',
      ),
      step(place('a', '1', 'w1', BTC), 'hold-refused w1, a, BTC.BTC, 1, insufficient_funds, 0'),
      step(place('b', '8', 'w2'), 'hold-refused w2, b, USDT.ETH, 8, insufficient_funds, 7'),
      placed(place('b', '7', 'w3')),
    ],
    ends: { a: '0 of 100', 'a BTC.BTC': '0 of 0', b: '7 of 7' },
  },
  {
    rule: 'every digit is kept',
    steps: [
      step(openAccount('a'), 'account-opened a, demo'),
      step(
        fund('a', '1234567890123456789.000000000000000001', 'r'),
        'account-funded a, USDT.ETH, 1234567890123456789.000000000000000001, r, entry 1',
      ),
      placed(place('a', '0.000000000000000001', 'w')),
    ],
    ends: { a: '0.000000000000000001 of 1234567890123456789.000000000000000001' },
  },
];
