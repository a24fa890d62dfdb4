import { encode, ledgerCommands, venueCommands, withdrawalEvents, type VenueCommands, type WireMessage } from '@sluice/messages';
import { currencyOf, networkOf } from '@sluice/money';
import { unreachable } from '@sluice/result';
import { PUBLIC_VIEW, totalOf, type Command, type Withdrawal } from '@sluice/withdrawal-core';
import { randomUUIDv7 } from 'node:crypto';
import type { StoredWithdrawal } from '../postgres/withdrawal-store.js';

const SOURCE = 'intake-api';

/** Core types never go on the wire as they are; this file maps them, both ways in and out. */
export function placeHoldMessage({ order }: Withdrawal, at: Date): WireMessage {
  const data = { withdrawalId: order.id, accountId: order.accountId, asset: order.asset, amount: totalOf(order).toString() };
  return encode(ledgerCommands, { ...attributes(order.accountId, at), type: 'ledger.place-hold.v1', data });
}

export function withdrawalChangedMessage({ number, withdrawal }: StoredWithdrawal, at: Date, causationId?: string): WireMessage {
  const { order } = withdrawal;
  return encode(withdrawalEvents, {
    ...attributes(order.id, at, causationId),
    type: `withdrawal.${withdrawal.state}.v1`,
    data: {
      withdrawalId: order.id,
      number,
      sequence: withdrawal.sequence,
      accountId: order.accountId,
      clientReference: order.clientReference,
      currency: currencyOf(order.asset),
      network: networkOf(order.asset),
      destination: order.destination,
      amount: order.amount.toString(),
      fee: order.fee.toString(),
      venue: withdrawal.venue,
      ...PUBLIC_VIEW[withdrawal.state],
      txHash: withdrawal.txHash,
      errorMessage: withdrawal.errorMessage,
      at: at.toISOString(),
    },
  });
}

/** What a step or a wish asks of the ledger or of a venue. */
export function commandMessage({ order, venue }: Withdrawal, command: Command, at: Date, causationId?: string): WireMessage {
  const toLedger = attributes(order.accountId, at, causationId);
  const common = { withdrawalId: order.id, accountId: order.accountId };
  switch (command.kind) {
    case 'submit':
      return encode(commandsOf(venue), {
        ...attributes(order.id, at, causationId),
        type: 'venue.submit-withdrawal.v1',
        data: {
          ...common,
          asset: order.asset,
          amount: order.amount.toString(),
          destination: order.destination,
          notAfter: command.notAfter?.toISOString() ?? null,
        },
      });
    case 'cancel':
      return encode(commandsOf(venue), {
        ...attributes(order.id, at, causationId),
        type: 'venue.cancel-withdrawal.v1',
        data: { withdrawalId: order.id, reason: 'the customer asked for it' },
      });
    case 'capture':
      return encode(ledgerCommands, {
        ...toLedger,
        type: 'ledger.capture-hold.v1',
        data: { ...common, asset: order.asset, amount: order.amount.toString(), fee: order.fee.toString(), venue },
      });
    case 'release':
      return encode(ledgerCommands, { ...toLedger, type: 'ledger.release-hold.v1', data: { ...common, reason: command.reason } });
    case 'record_venue_fee':
      return encode(ledgerCommands, {
        ...toLedger,
        type: 'ledger.record-venue-fee.v1',
        data: { ...common, venue, asset: order.asset, amount: command.amount.toString() },
      });
    default:
      return unreachable(command);
  }
}

const topics = new Map<string, VenueCommands>();

function commandsOf(venue: string): VenueCommands {
  const topic = topics.get(venue) ?? venueCommands(venue);
  topics.set(venue, topic);
  return topic;
}

function attributes(subject: string, at: Date, causationId?: string) {
  return { id: randomUUIDv7(), source: SOURCE, subject, time: at.toISOString(), ...(causationId !== undefined && { causationId }) };
}
