import type { Database } from '@sluice/postgres';

/** Terms of USDT.TRX in the admin API's format. */
export const USDT_TRX = {
  currency: 'USDT',
  network: 'TRX',
  name: 'Tether USD',
  contract_address: 'TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t',
  decimals: 6,
  active: true,
  open_to_all: false,
  min_withdrawal_amount: '2',
  withdrawal_fee_flat: '3',
  withdrawal_fee_percent: '0',
  unit_worth_eur: null,
};

/**
 * Records versions of the terms of USDT.TRX, starting with version 1. Only the flat fee differs;
 * `inMs` is the time until the version takes effect.
 */
export async function givenFlatFees(
  database: Database,
  ...fees: readonly { readonly flat: string; readonly inMs: number }[]
): Promise<void> {
  await database.query(
    `INSERT INTO currency_terms (currency, network, version, effective_at, requested_by, approved_by,
       name, contract_address, decimals, active, open_to_all, min_withdrawal_amount, withdrawal_fee_flat, withdrawal_fee_percent)
     SELECT currency, network, f.version, now() + f.in_ms * interval '1 millisecond', 'ada', 'peter',
            name, contract_address, decimals, true, false, min_withdrawal_amount, f.flat, 0
       FROM currency, unnest($1::numeric[], $2::int[]) WITH ORDINALITY AS f (flat, in_ms, version) WHERE currency = 'USDT' AND network = 'TRX'`,
    [fees.map(({ flat }) => flat), fees.map(({ inMs }) => inMs)],
  );
}
