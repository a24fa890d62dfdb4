import { Amount, assetOf } from '@sluice/kernel';
import { assignHold, grantHold, placeHold, startSubmission } from './place-hold.js';
import { Book } from './book.js';
import { captureHold } from './capture-hold.js';
import { expireHold, releaseHold } from './release-hold.js';
import {
  CLOSED_HOLD_STATES,
  type Hold,
  HOLD_STATES,
  HOLD_TRANSITIONS,
  type HoldCommand,
  type HoldState,
  OPEN_HOLD_STATES,
} from './hold.js';
import { withoutRules } from './testing/any-ledger-step.js';

const USDT = assetOf('USDT', 'ETH');
const usdt = (text: string) => Amount.of(text, USDT);
const [EIGHT, NINE] = ['2026-11-20T08:00:00.000Z', '2026-11-20T09:00:00.000Z'];
const W = { withdrawalId: 'w', accountId: 'a' };
const POLICY = withoutRules(usdt('60'));
const FROM = ['none', ...HOLD_STATES] as const;

const RUN: Record<HoldCommand, (book: Book) => unknown> = {
  'place-hold': (book) =>
    placeHold(
      book,
      { ...W, amount: usdt('60'), policy: POLICY, expiresAt: null, digest: 'd' },
      NINE,
    ),
  'assign-hold': (book) => {
    startSubmission(book, W, NINE); // a hold that may still end by time is paid by nobody
    return assignHold(book, { ...W, venue: 'bybit', from: 'gateio', isProven: true }, NINE);
  },
  'grant-hold': (book) => grantHold(book, { ...W, grant: 'k' }),
  'start-submission': (book) => startSubmission(book, W, NINE),
  'capture-hold': (book) =>
    captureHold(
      book,
      { ...W, amount: usdt('60'), fee: usdt('0'), venue: 'gateio', effectiveAt: null },
      NINE,
      () => 'e',
    ),
  'release-hold': (book) =>
    releaseHold(book, { ...W, reason: 'proven absent', isProven: true }, NINE),
  'expire-hold': (book) => expireHold(book, W, NINE),
};
const COMMANDS: readonly HoldCommand[] = [
  'place-hold',
  'assign-hold',
  'start-submission',
  'capture-hold',
  'release-hold',
  'expire-hold',
];

describe('the transitions of a hold', () => {
  it.each(FROM.flatMap((from) => COMMANDS.map((command) => [from, command] as const)))(
    'are what the use cases do: %s, %s',
    (from, command) => {
      const reached = ['100', '60', '0'].flatMap((posted) => statesReached(from, command, posted));

      expect([...new Set(reached)].sort()).toEqual(
        [...(HOLD_TRANSITIONS[from][command] ?? [])].sort(),
      );
    },
  );

  it('have one open state, and three in which what was reserved ends', () => {
    expect(OPEN_HOLD_STATES).toEqual(['placed']);
    expect(CLOSED_HOLD_STATES).toEqual(['captured', 'released', 'expired']);
  });
});

/** The states that the command writes, from a hold in this state and an account with this much posted. */
function statesReached(
  from: 'none' | HoldState,
  command: HoldCommand,
  posted: string,
): readonly HoldState[] {
  const held = from === 'placed' ? '60' : '0';
  if (usdt(posted).lessThan(usdt(held))) return [];
  const book = new Book({
    accounts: [{ id: 'a', name: 'demo', openedAt: EIGHT, frozen: false }],
    balances: [{ accountId: 'a', posted: usdt(posted), held: usdt(held) }],
    holds: from === 'none' ? [] : [holdIn(from)],
  });
  RUN[command](book);
  const { newHolds, changedHolds } = book.changes();
  return [...newHolds, ...changedHolds].map(({ state }) => state);
}

function holdIn(state: HoldState): Hold {
  const terms = {
    ...W,
    amount: usdt('60'),
    decidedAt: EIGHT,
    digest: 'd',
    reference: null,
    assignedTo: 'gateio',
    lock: null,
    policy: POLICY,
    assignedAt: null,
    grant: null,
  };
  const reserved = { ...terms, submissionStartedAt: null };
  switch (state) {
    case 'placed':
      return { ...reserved, state, expiresAt: NINE };
    case 'captured':
      return {
        ...reserved,
        state,
        captured: usdt('60'),
        fee: usdt('0'),
        venueFee: null,
        venue: 'gateio',
        entryId: 'e',
        closedAt: EIGHT,
      };
    case 'released':
      return { ...reserved, state, reason: 'proven absent', proof: null, closedAt: EIGHT };
    case 'expired':
      return { ...reserved, state, closedAt: EIGHT };
    case 'refused':
      return { ...terms, state, refusal: { kind: 'account_not_found' } };
  }
}
