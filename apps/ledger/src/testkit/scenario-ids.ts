import { randomUUIDv7 } from 'node:crypto';
import { HOUSE_ACCOUNT } from '@sluice/ledger-core';
import { signNothingMoved, signReturned } from '@sluice/signing';
import { connectorOf } from '@sluice/messages';
import { testMessageKeys } from '@sluice/test-kit';
import type { LedgerEvent } from '../wire/ledger-command.js';
import type { CommandBody } from './given-ledger.js';
import { DIGEST } from './scenario.js';

const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/**
 * Maps the names of a scenario to the ids of a single run. Entries are numbered in the order of
 * their first event.
 */
export class ScenarioIds {
  private readonly ids = new Map<string, string>();
  private readonly names = new Map([[HOUSE_ACCOUNT, 'house account']]);
  private entries = 0;

  idOf(name: string): string {
    return this.ids.get(name) ?? this.pair(name, randomUUIDv7());
  }

  /** The same command about real ids. */
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

  /** The text with names in place of ids. */
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
        'amount' in data ? signReturned(keys, order, data.amount) : signNothingMoved(keys, order),
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
];

/**
 * Formats an event as a line of text: the type, followed by the fields in fixed order. A refused
 * command shows the reason alone.
 */
export function eventLine({ type, data }: LedgerEvent, ids: ScenarioIds): string {
  const word = type.replace(/^ledger\.(.+)\.v1$/, '$1');
  if (type === 'ledger.command-refused.v1') return `refused ${data.reason}`;
  const values = new Map<string, unknown>(Object.entries(data));
  const parts = [...FIELDS, 'reversedEntryId', 'entryId', 'venueFeeEntryId']
    .filter((field) => values.has(field))
    .map((field) => values.get(field) ?? '-');
  return ids.withNames(`${word} ${parts.map(String).join(', ')}`);
}
