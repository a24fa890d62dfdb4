import { randomUUIDv7 } from 'node:crypto';
import { HOUSE_ACCOUNT, type REFUSAL_ORDER } from '@sluice/ledger-core';
import { connectorOf } from '@sluice/messages';
import { signProof } from '@sluice/signing';
import { testMessageKeys, VENUE_A } from '@sluice/test-kit';
import type { LedgerEvent } from '../wire/ledger-command.js';
import {
  capture,
  type CommandBody,
  expire,
  fund,
  openAccount,
  place,
  placeUntil,
  release,
} from './given-ledger.js';

/** Command and expected event: word and data, or the reason of a refusal. */
export interface ScenarioStep {
  readonly send: CommandBody;
  readonly says: string;
  /** Event after the whole scenario, if different: it names the venue assigned last. */
  readonly saysAtTheEnd?: string;
  /** The ledger's time from this step on. */
  readonly at?: string;
}

/** A scenario uses names for accounts, withdrawals and entries; the suite assigns ids. */
export interface Scenario {
  readonly rule: string;
  /** Set if the scenario covers every refusal of a command, in order of precedence. */
  readonly refusalsOf?: keyof typeof REFUSAL_ORDER;
  readonly steps: readonly ScenarioStep[];
  /** `held of posted`, by account, or by account and asset. */
  readonly ends: Readonly<Record<string, string>>;
  readonly books?: Readonly<Record<string, readonly string[]>>;
}

export const EIGHT = '2026-11-20T08:00:00.000Z';
export const NINE = '2026-11-20T09:00:00.000Z';
export const FAR = '2999-01-01T00:00:00.000Z';

export const step = (send: CommandBody, says: string, at?: string): ScenarioStep => ({
  send,
  says,
  ...(at !== undefined && { at }),
});

/** Account `a` with 100. */
export const OPENED: readonly ScenarioStep[] = [
  step(openAccount('a'), 'account-opened a, demo'),
  step(
    fund('a', '100', 'first deposit'),
    'account-funded a, USDT.ETH, 100, first deposit, entry 1',
  ),
];
export const SECOND_ACCOUNT = step(openAccount('b'), 'account-opened b, demo');

export const w = place('a', '60', 'w');
export const placed = (hold: ReturnType<typeof place>): ScenarioStep =>
  step(
    hold,
    `hold-placed ${hold.data.withdrawalId}, ${hold.data.accountId}, ${hold.data.asset}, ${hold.data.amount}`,
  );
export const captured = (
  hold: ReturnType<typeof place>,
  amount: string,
  entry: string,
): ScenarioStep =>
  step(
    capture(hold, amount),
    `hold-captured ${hold.data.withdrawalId}, a, USDT.ETH, ${amount}, 0, ${entry}`,
  );
export const released = (hold: ReturnType<typeof place>): ScenarioStep =>
  step(release(hold), `hold-released ${hold.data.withdrawalId}, a, USDT.ETH, ${hold.data.amount}`);

export const small = (withdrawalId: string) => place('a', '10', withdrawalId);
export const [lost, gone, kept] = [small('lost'), small('gone'), small('kept')];
export const due = placeUntil(NINE, 'a', '10', 'due');
export const ofAnother = <T extends { data: { accountId: string } }>(body: T): T => ({
  ...body,
  data: { ...body.data, accountId: 'b' },
});
/** Holds of account `a`: `w` captured, `lost` released, `due` expired, `gone` and `kept` placed. */
export const DIGEST = 'a1'.repeat(32);
/** Hold payable by the first venue. */
const { type, data } = small('ordered');
export const ordered = { type, data: { ...data, digest: DIGEST, venue: VENUE_A } };
export const placedAtA = step(ordered, `hold-placed ordered, a, ${VENUE_A}, USDT.ETH, 10`);
/** Holds of account `a`: captured, released, expired, and still placed. */
export const ENDED: readonly ScenarioStep[] = [
  ...OPENED,
  SECOND_ACCOUNT,
  placed(lost),
  placed(gone),
  placed(kept),
  placed(w),
  placed(due),
  captured(w, '60', 'entry 2'),
  released(lost),
  step(expire(due), 'hold-expired due, a, USDT.ETH, 10', NINE),
];

const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** Ids of the names of one run; entries are numbered by their first event. */
export class ScenarioIds {
  private readonly ids = new Map<string, string>();
  private readonly names = new Map([[HOUSE_ACCOUNT, 'house account']]);
  private entries = 0;

  idOf(name: string): string {
    return this.ids.get(name) ?? this.pair(name, randomUUIDv7());
  }

  withIds(body: CommandBody): CommandBody {
    const isOfHouse = body.data.accountId === HOUSE_ACCOUNT; // shared by all scenarios
    const fields = Object.entries(body.data).map(([field, value]) => {
      const isTransaction = isOfHouse && field === 'reference';
      return [
        field,
        isTransaction ? this.idOf(String(value)) : this.fieldOf(field, value),
      ] as const;
    });
    const data = { ...Object.fromEntries(fields), ...this.proofIn(body) };
    return Object.assign({ ...body }, { data });
  }

  withNames(text: string): string {
    return text.replace(UUID, (id) => this.names.get(id) ?? this.newEntry(id));
  }

  /** A scenario names a proof by the venue of the proving connector. */
  private proofIn({ data }: CommandBody): { proof?: string } {
    if (!('withdrawalId' in data && 'proof' in data && data.proof !== undefined)) return {};
    const [withdrawalId, venue] = [this.idOf(data.withdrawalId), data.proof];
    const order = { withdrawalId, digest: DIGEST, venue };
    const keys = testMessageKeys(connectorOf(venue)).with('ledger');
    return {
      proof:
        'amount' in data
          ? signProof(keys, { says: 'returned', ...order, amount: data.amount })
          : signProof(keys, { says: 'nothing moved', ...order }),
    };
  }

  private fieldOf(field: string, value: unknown): unknown {
    if (typeof value !== 'string') return value;
    if (value === HOUSE_ACCOUNT) return value;
    if (['accountId', 'withdrawalId', 'entryId'].includes(field)) return this.idOf(value);
    return field === 'from' || field === 'to'
      ? value.replace(/^customer:(.+)$/, (_, account: string) => `customer:${this.idOf(account)}`)
      : value;
  }

  private newEntry(id: string): string {
    const name = `entry ${(this.entries += 1)}`;
    this.pair(name, id);
    return name;
  }

  private pair(name: string, id: string): string {
    this.ids.set(name, id);
    this.names.set(id, name);
    return id;
  }
}

const FIELDS = [
  'withdrawalId',
  'accountId',
  'name',
  'freezeId',
  'venue',
  'network',
  'from',
  'to',
  'asset',
  'amount',
  'fee',
  'venueFee',
  'reference',
  'reason',
  'available',
  'lines',
];

/** Event as text: the type and fields in fixed order; a refusal shows its reason. */
export function eventLine({ type, data }: LedgerEvent, ids: ScenarioIds): string {
  const word = type.replace(/^ledger\.(.+)\.v1$/, '$1');
  if (type === 'ledger.command-refused.v1') return `refused ${data.reason}`;
  const values = new Map<string, unknown>(Object.entries(data));
  const parts = [...FIELDS, 'reversedEntryId', 'entryId', 'venueFeeEntryId']
    .filter((field) => values.has(field))
    .map((field) => values.get(field) ?? '-');
  return ids.withNames(`${word} ${parts.map(String).join(', ')}`);
}
