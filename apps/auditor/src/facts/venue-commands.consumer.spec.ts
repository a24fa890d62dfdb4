import { keyOf, unlistedKey } from '../venues/read-record.js';
import { type FollowedCommand, orderFacts } from './venue-commands.consumer.js';

const ID = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
const ADDRESS = '0x99CED129603abc771C0dabE935c326Ff6C86645d';

function submit(destination: object, amount = '10.50'): FollowedCommand {
  const built: object = {
    id: '1',
    source: 'intake-api',
    subject: ID,
    time: '2026-11-26T12:00:00.000Z',
    type: 'venue.submit-withdrawal.v1',
    data: { withdrawalId: ID, accountId: ID, asset: 'USDT.ETH', amount, destination },
  };
  return built as FollowedCommand;
}

const TO_ADDRESS = { type: 'address', address: ADDRESS };
const TO_PHONE = { type: 'venue_account', kind: 'phone', value: '5550100', area_code: '44' };

describe('orders among the commands of a venue', () => {
  it('equal a payment of the same currency, amount and recipient, in any spelling', () => {
    const [order] = orderFacts('gateio', [submit(TO_ADDRESS)]);

    expect(order).toMatchObject({
      withdrawal_id: ID,
      venue: 'gateio',
      amount: '10.5',
      equality_key: keyOf('USDT', '10.5', `address:${ADDRESS.toLowerCase()}:`),
      ordered_at: '2026-11-26T12:00:00.000Z',
    });
  });

  it('equal a payment by amount where the venue lists no recipient', () => {
    const [toPhone] = orderFacts('bitmart', [submit(TO_PHONE)]);
    const [toAddress] = orderFacts('bitmart', [submit(TO_ADDRESS)]);

    expect(toPhone?.equality_key).toBe(unlistedKey('bitmart', 'USDT', '10.5'));
    expect(toAddress?.equality_key).not.toBe(toPhone?.equality_key);
    expect(unlistedKey('gateio', 'USDT', '10.5')).toBeNull();
  });

  it('are nothing else', () => {
    const cancel = { ...submit(TO_ADDRESS), type: 'venue.cancel-withdrawal.v1' } as FollowedCommand;
    expect(orderFacts('gateio', [cancel])).toEqual([]);
  });
});
