import { isAsAsked, type WithdrawalOrder } from '@sluice/connector-rules';
import { Amount, destinationKey } from '@sluice/kernel';
import * as fc from 'fast-check';
import { withdrawalRecord, type AmountReading } from './bitmart.mapping.js';
import { requestOf } from './bitmart.request.js';

const order = (amount: string): WithdrawalOrder => ({
  withdrawalId: '01932d5a-7c3e-7f00-8000-0123456789ab',
  form: 'chain',
  asset: 'USDT.ETH',
  amount: Amount.of(amount, 'USDT.ETH'),
  destination: { type: 'address', address: '0xabc' },
  clientReference: 'ref1',
  accountId: 'account 1',
  fee: Amount.of('0.5', 'USDT.ETH'),
  digest: 'a digest',
  signerReceipt: null,
});

const anyAmount = fc
  .tuple(fc.bigInt({ min: 1n, max: 10n ** 20n }), fc.stringMatching(/^\d{0,18}$/))
  .map(([whole, rest]) => `${whole}${rest && `.${rest}`}`);
const sum = (left: string, right: string, sign: 1 | -1): string => {
  const [a, b] = [Amount.of(left, 'USDT.ETH'), Amount.of(right, 'USDT.ETH')];
  return (sign === 1 ? a.plus(b) : a.minus(b)).toString();
};

/** What a venue that reads `amount` so would write down of the request. */
function recordOf(body: string, fee: string, reading: AmountReading): Record<string, unknown> {
  const { currency, amount, address } = JSON.parse(body) as {
    currency: string;
    amount: string;
    address: string;
  };
  const arrival_amount = reading === 'gross' ? sum(amount, fee, -1) : amount;
  return {
    withdraw_id: '1',
    apply_time: 1_795_149_758_959,
    currency,
    address,
    address_memo: '',
    arrival_amount,
    fee,
    status: 3,
    tx_id: '',
  };
}

function isPaidAsAsked(
  amount: string,
  fee: string,
  configured: AmountReading,
  real: AmountReading,
): boolean {
  const request = requestOf(
    order(amount),
    { id: 'USDT-ETH', fee, readAt: new Date(0) },
    configured,
  );
  const record = withdrawalRecord(recordOf(request.body, fee, real), 'chain', {
    amountIs: configured,
  });
  if (!record) throw new Error('no record');
  const destination = destinationKey({ type: 'address', address: '0xabc' });
  const asked = {
    network: 'ETH',
    destination,
    amount: Amount.of(amount, 'USDT.ETH'),
    gross: request.gross,
  };
  return isAsAsked(asked, record);
}

describe('requestOf', () => {
  it('under either reading, what the recipient gets is what was asked, with every digit', () =>
    fc.assert(
      fc.property(
        anyAmount,
        anyAmount,
        fc.constantFrom<AmountReading>('gross', 'net'),
        (amount, fee, reading) => expect(isPaidAsAsked(amount, fee, reading, reading)).toBe(true),
      ),
    ));

  it('a reading that the venue does not share is never taken for what was asked', () =>
    fc.assert(
      fc.property(
        anyAmount,
        anyAmount,
        fc.constantFrom<AmountReading>('gross', 'net'),
        (amount, fee, configured) =>
          expect(
            isPaidAsAsked(amount, fee, configured, configured === 'gross' ? 'net' : 'gross'),
          ).toBe(false),
      ),
    ));
});
