import type { WithdrawalRowDto } from '@sluice/http-api';
import type { LedgerAdmin } from '@sluice/admin-client';
import { Amount, type Asset } from '@sluice/kernel';
import { SIMULATED_NAMES, simulatedOf, UNDER_WAY, type AdminClients } from '@sluice/stack';
import { eventually, type SimulatedPayment } from '@sluice/test-kit';
import { recipientOf, type Customer } from './customer.js';

/** Status names of unpaid payments at all venues. */
const SENT_BACK: readonly string[] = SIMULATED_NAMES.flatMap(
  (venue) => simulatedOf(venue).api.sentBack,
);
/** External book of our payments. */
interface Book {
  payments(): Promise<SimulatedPayment[]>;
}

/**
 * Throws on any disagreement between invariants, the venues' own books, the ledger's balances and
 * the intake's statuses.
 */
export async function proveBooks(
  admin: AdminClients,
  venues: readonly Book[],
  customers: readonly Customer[],
): Promise<void> {
  await eventually(() => expectNoViolation(admin), { withinMs: 20_000, everyMs: 200 });
  const payments = (await Promise.all(venues.map((venue) => venue.payments()))).flat();
  expectOwnReferences(payments);
  const paid = Map.groupBy(payments, ({ destination }) => destination.toLowerCase());
  for (const customer of customers) await proveAccount(admin.ledger, customer, paid);
}

async function expectNoViolation(admin: AdminClients): Promise<void> {
  for (const { service, checked, violations, populations } of await admin.invariants()) {
    // A case is an impossible fact: a message with a double effect would open a case.
    const { cases = 0 } = populations;
    expect({ service, checked: checked >= 4, violations, cases }).toEqual({
      service,
      checked: true,
      violations: [],
      cases: 0,
    });
  }
}

/** H5: no venue paid a reference of ours twice. */
function expectOwnReferences(payments: readonly SimulatedPayment[]): void {
  const references = payments.flatMap(({ client_id }) => client_id ?? []);
  expect(references).toHaveLength(new Set(references).size);
}

async function proveAccount(
  ledger: LedgerAdmin,
  customer: Customer,
  paid: ReadonlyMap<string, readonly SimulatedPayment[]>,
): Promise<void> {
  const rows = await customer.withdrawals();
  for (const row of rows) {
    const body = customer.asked.get(row.client_reference ?? '');
    if (body)
      expectPaidAsReported(
        row,
        paid.get(recipientOf(body).toLowerCase()) ?? [],
        rowsTo(recipientOf(body), rows, customer),
      );
  }
  await expectBalances(ledger, customer, rows);
}

/**
 * Returns the withdrawals to a recipient. Withdrawals with a deliberately shared recipient (two
 * keys, a common reference) are checked together.
 */
function rowsTo(
  recipient: string,
  rows: readonly WithdrawalRowDto[],
  customer: Customer,
): readonly WithdrawalRowDto[] {
  return rows.filter(({ client_reference: reference }) => {
    const body = customer.asked.get(reference ?? '');
    return body !== undefined && recipientOf(body) === recipient;
  });
}

/**
 * H4: completed is paid exactly once and in full, given up is never paid, anything in between at most
 * once. A venue may show a returned payment as sent back, or still as paid.
 */
function expectPaidAsReported(
  row: WithdrawalRowDto,
  payments: readonly SimulatedPayment[],
  siblings: readonly WithdrawalRowDto[],
): void {
  const real = payments.filter(({ status }) => !SENT_BACK.includes(status));
  const completed = siblings.filter(({ state }) => state === 'completed').length;
  const open = siblings.filter(
    ({ state }) => state === 'returned' || UNDER_WAY.includes(state),
  ).length;
  const reported = {
    reference: row.client_reference,
    state: row.state,
    completed,
    open,
    paid: real.length,
  };
  expect({
    ...reported,
    fits: real.length >= completed && real.length <= completed + open,
  }).toEqual({
    ...reported,
    fits: true,
  });
  for (const { net_amount, currency } of real) {
    const asset: Asset = `${row.currency}.${row.network}`;
    expect(currency).toBe(row.currency);
    expect(Amount.of(net_amount, asset).toString()).toBe(Amount.of(row.amount, asset).toString());
  }
}

async function expectBalances(
  ledger: LedgerAdmin,
  customer: Customer,
  rows: readonly WithdrawalRowDto[],
): Promise<void> {
  for (const asset of new Set(
    customer.funded.map(({ currency, network }): Asset => `${currency}.${network}`),
  )) {
    const of = (amount: string): Amount => Amount.of(amount, asset);
    const sum = (amounts: readonly Amount[]): Amount =>
      amounts.reduce((total, one) => total.plus(one), Amount.zero(asset));
    const own = rows.filter(({ currency, network }) => `${currency}.${network}` === asset);
    const totalOf = (states: readonly string[]): Amount =>
      sum(
        own
          .filter(({ state }) => states.includes(state))
          .map(({ amount, fee }) => of(amount).plus(of(fee))),
      );
    const funded = sum(
      customer.funded
        .filter(({ currency, network }) => `${currency}.${network}` === asset)
        .map(({ amount }) => of(amount)),
    );
    const returned = own.filter(({ state }) => state === 'returned');
    const details = await Promise.all(returned.map(({ id }) => customer.intake.withdrawal(id)));
    const back = sum(details.map(({ returned_amount }) => of(returned_amount ?? '0')));
    const posted = funded.minus(totalOf(['completed', 'returned'])).plus(back);
    const [currency = '', network = ''] = asset.split('.');
    const balances = await ledger.balances(customer.accountId, { currency, network });
    expect(balances).toMatchObject([
      { posted: posted.toString(), held: totalOf(UNDER_WAY).toString() },
    ]);
  }
}
