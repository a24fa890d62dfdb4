import { Amount, type Asset } from '@sluice/kernel';
import type { ShownBalance } from '../load/client.js';
import type { Booked, Judged, PaidAt } from '@sluice/stack';

interface Funded {
  readonly currency: string;
  readonly network: string;
  readonly amount: string;
}

/** A judged withdrawal of the account. */
export interface Spent extends Pick<Judged, 'kind'> {
  readonly asked: { readonly order: { currency: string; network: string; amount: string } };
  readonly paid: readonly PaidAt[];
  readonly booked: Booked | undefined;
}

/**
 * Differences between the balance shown to a customer and the funded amount less received amounts
 * and fees. Empty if all balances are right. An open withdrawal may be booked, held, or neither.
 */
export function balanceFaults(
  account: string,
  funded: readonly Funded[],
  shown: readonly ShownBalance[],
  spent: readonly Spent[],
): readonly string[] {
  return funded.flatMap(({ currency, network, amount }) => {
    const asset: Asset = `${currency}.${network}`;
    const own = spent.filter(
      ({ asked: { order } }) => order.currency === currency && order.network === network,
    );
    const one = shown.find((row) => row.currency === currency && row.network === network);
    if (!one) return [`${account} was funded, but the API shows no balance of ${asset}`];
    return faultsOf({ account, asset, funded: Amount.of(amount, asset), one, own });
  });
}

interface Account {
  readonly account: string;
  readonly asset: Asset;
  readonly funded: Amount;
  readonly one: ShownBalance;
  readonly own: readonly Spent[];
}

function faultsOf({ account, asset, funded, one, own }: Account): readonly string[] {
  const sum = (amounts: readonly Amount[]): Amount =>
    amounts.reduce((total, amount) => total.plus(amount), Amount.zero(asset));
  const paid = own.filter(({ kind }) => kind === 'paid once');
  const open = own.filter(({ kind }) => kind !== 'paid once' && kind !== 'unpaid and released');
  const received = sum(
    paid.map(({ paid: [first], booked }) =>
      Amount.of(first?.payment.net_amount ?? '0', asset).plus(Amount.of(booked?.fee ?? '0', asset)),
    ),
  );
  const mayBeTaken = sum(
    open.map(({ asked: { order }, booked }) =>
      Amount.of(order.amount, asset).plus(Amount.of(booked?.fee ?? '0', asset)),
    ),
  );
  const most = funded.minus(received);
  const balance = Amount.of(one.balance, asset);
  const held = Amount.of(one.held, asset);
  const what = `the funded amount less payments and fees (${asset})`;
  // The fee is unknown if the withdrawal has no record.
  const isExact = open.every(({ booked }) => booked !== undefined);
  return [
    ...(most.lessThan(balance)
      ? [`the balance of ${account} is ${balance.minus(most).toString()} more than ${what}`]
      : []),
    ...(isExact && balance.lessThan(most.minus(mayBeTaken))
      ? [`the balance of ${account} is ${most.minus(balance).toString()} less than ${what}`]
      : []),
    ...(isExact && mayBeTaken.lessThan(held)
      ? [
          `${account} has ${held.toString()} of ${asset} held, but open withdrawals of only ${mayBeTaken.toString()}`,
        ]
      : []),
  ];
}
