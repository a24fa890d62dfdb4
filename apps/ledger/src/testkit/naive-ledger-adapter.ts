import { randomUUID, randomUUIDv7 } from 'node:crypto';
import { HOUSE_ACCOUNT } from '@sluice/ledger-core';
import type { LedgerStep, NaiveLedger, Party, NaiveVerdict } from '@sluice/ledger-core/testing';
import type { LedgerEvent } from '../wire/ledger-command.js';
import type { CommandBody } from './given-ledger.js';

const PAST = '2020-01-01T00:00:00.000Z';
const FAR = '2999-01-01T00:00:00.000Z';

/** Translates steps of the naive ledger into commands, and events back into the steps' names. */
export class NaiveLedgerAdapter {
  private readonly ids = new Map([['account house account', HOUSE_ACCOUNT]]);
  private readonly entries: string[] = [];

  accountId(account: string): string {
    return this.idOf(`account ${account}`, randomUUID);
  }

  commandFor(step: LedgerStep): CommandBody {
    const accountId = this.accountId(step.account);
    const withdrawalId = this.idOf(`withdrawal ${step.id}`, randomUUIDv7);
    const { asset, venue } = step;
    const [amount, fee, reference] = [String(step.amount), String(step.fee), step.id];
    switch (step.do) {
      case 'open':
        return { type: 'ledger.open-account.v1', data: { accountId, name: step.name } };
      case 'freeze':
        return {
          type: 'ledger.freeze-account.v1',
          data: { accountId, freezeId: step.id, reason: 'r' },
        };
      case 'unfreeze':
        return { type: 'ledger.unfreeze-account.v1', data: { accountId, freezeId: step.id } };
      case 'fund':
        return { type: 'ledger.fund-account.v1', data: { accountId, asset, amount, reference } };
      case 'transfer': {
        const [from, to] = [this.party(step.from, accountId), this.party(step.to, accountId)];
        return {
          type: 'ledger.transfer-funds.v1',
          data: { accountId, from, to, asset, amount, reference },
        };
      }
      case 'place': {
        const expiresAt = step.due === 0 ? null : step.due === 1 ? PAST : FAR;
        return {
          type: 'ledger.place-hold.v1',
          data: { withdrawalId, accountId, asset, amount, expiresAt },
        };
      }
      case 'start':
        return { type: 'ledger.start-submission.v1', data: { withdrawalId, accountId } };
      case 'capture':
        return {
          type: 'ledger.capture-hold.v1',
          data: {
            withdrawalId,
            accountId,
            asset,
            amount,
            fee,
            venue,
            ...(step.venueFee > 0 && { venueFee: String(step.venueFee) }),
          },
        };
      case 'release':
        return { type: 'ledger.release-hold.v1', data: { withdrawalId, accountId, reason: 'r' } };
      case 'expire':
        return { type: 'ledger.expire-hold.v1', data: { withdrawalId, accountId } };
      case 'fee':
        return {
          type: 'ledger.record-venue-fee.v1',
          data: { withdrawalId, accountId, venue, asset, amount, reference: step.correction },
        };
      case 'return':
        return {
          type: 'ledger.return-payment.v1',
          data: { withdrawalId, accountId, venue, asset, amount },
        };
      case 'gas':
        return {
          type: 'ledger.record-gas.v1',
          data: { ...this.ofGas(step), amount: gasAmount(step), wallet: step.wallet },
        };
      case 'topup':
        return {
          type: 'ledger.record-gas-top-up.v1',
          data: { ...this.ofGas(step), amount: topUpAmount(step) },
        };
      case 'reverse': {
        const entryId = this.entries[step.entry - 1] ?? randomUUIDv7();
        const lines = step.lines !== null && { lines: step.lines };
        return {
          type: 'ledger.reverse-entry.v1',
          data: { accountId, entryId, reason: 'r', ...lines },
        };
      }
    }
  }

  /** Numbers entries in the order of their first event. */
  recordEntry({ data }: LedgerEvent): void {
    const id = 'entryId' in data ? data.entryId : undefined;
    if (id !== undefined && !this.entries.includes(id)) this.entries.push(id);
  }

  eventWithNames({ type, data }: LedgerEvent): { type: string; data: object } {
    const fields = Object.entries(data).filter(([field]) => field !== 'commandId');
    return {
      type,
      data: Object.fromEntries(
        fields.map(([field, value]) => [
          field,
          typeof value === 'string' ? this.withNames(value) : value,
        ]),
      ),
    };
  }

  /** Expected event of a step; call right after the naive ledger's decision. */
  expectedEvent(
    step: LedgerStep,
    { said, available, hasFee }: NaiveVerdict,
    naive: NaiveLedger,
  ): object {
    const [accountId, withdrawalId, asset] = [
      `account ${step.account}`,
      `withdrawal ${step.id}`,
      step.asset,
    ];
    const [amount, fee, reference, venue] = [
      String(step.amount),
      String(step.fee),
      step.id,
      step.venue,
    ];
    const event = (word: string, data: object) => ({
      type: `ledger.${word}.v1`,
      data: { accountId, ...data },
    });
    if (said !== 'ok' && said !== 'again') {
      if (step.do !== 'place' || said === 'withdrawal_id_reused')
        return event('command-refused', { reason: said });
      return event('hold-refused', {
        withdrawalId,
        asset,
        amount,
        reason: said,
        available: available === null ? null : String(available),
      });
    }
    const hold = naive.placed(step.id);
    const given = { withdrawalId, asset: hold?.asset, amount: String(hold?.amount) };
    const answers = {
      open: () => event('account-opened', { name: step.name }),
      freeze: () => event('account-frozen', { freezeId: step.id }),
      unfreeze: () => event('account-unfrozen', { freezeId: step.id }),
      fund: () => event('account-funded', { asset, amount, reference }),
      transfer: () =>
        event('funds-transferred', {
          asset,
          amount,
          reference,
          from: shown(step.from, accountId),
          to: shown(step.to, accountId),
        }),
      place: () => event('hold-placed', { withdrawalId, asset, amount }),
      start: () => event('submission-started', { withdrawalId }),
      capture: () =>
        event('hold-captured', {
          withdrawalId,
          asset,
          amount,
          fee,
          ...(hasFee && { venueFee: String(step.venueFee) }),
        }),
      release: () => event('hold-released', given),
      expire: () => event('hold-expired', given),
      fee: () =>
        event('venue-fee-recorded', {
          withdrawalId,
          asset,
          amount,
          venue,
          ...(step.correction && { reference: step.correction }),
        }),
      return: () => event('payment-returned', { withdrawalId, asset, amount, venue }),
      gas: () =>
        event('gas-recorded', {
          network: 'ETH',
          asset,
          reference: `transaction ${step.id}`,
          amount: gasAmount(step),
        }),
      topup: () =>
        event('gas-top-up-recorded', {
          network: 'ETH',
          asset,
          reference: `transaction ${step.id}`,
          amount: topUpAmount(step),
        }),
      reverse: () =>
        event('entry-reversed', {
          reversedEntryId: `entry ${step.entry}`,
          ...(step.lines !== null && { lines: step.lines }),
        }),
    } satisfies Record<LedgerStep['do'], () => object>;
    return answers[step.do]();
  }

  private withNames(text: string): string {
    const [, before = '', id = ''] = /^(customer:)?(.*)$/s.exec(text) ?? [];
    const entry = this.entries.indexOf(id);
    const name = [...this.ids].find(([, known]) => known === id)?.[0];
    return entry < 0 ? `${before}${name ?? id}` : `entry ${entry + 1}`;
  }

  /** All runs share the firm's account: each run has its own transaction references. */
  private ofGas({ asset, id }: LedgerStep) {
    const reference = this.idOf(`transaction ${id}`, randomUUIDv7);
    return { accountId: HOUSE_ACCOUNT, network: 'ETH', asset, reference };
  }

  private party(party: Party, accountId: string): string {
    if (party === 'customer') return `customer:${accountId}`;
    return party === 'another' ? `customer:${this.accountId('c')}` : party;
  }

  private idOf(name: string, newId: () => string): string {
    const id = this.ids.get(name) ?? newId();
    this.ids.set(name, id);
    return id;
  }
}

/** Party as shown in an event. Transfers to another customer are always refused. */
function shown(party: Party, accountId: string): string {
  return party === 'customer' ? `customer:${accountId}` : party;
}

/** Maps whole numbers to amounts around the ceilings; 2 is the most for gas and top-ups. */
function gasAmount({ amount }: LedgerStep): string {
  return amount === 0 ? '0' : `0.${amount}`;
}

function topUpAmount({ amount }: LedgerStep): string {
  return String(amount * 4);
}
