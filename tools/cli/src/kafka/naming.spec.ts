import type { KafkaRight, KafkaState } from '@sluice/kafka/inspect';
import { logicalState, principalOf } from './naming.js';

const NAMING = { prefix: 'test.', principals: { ledger: 'User:CN=ledger' } };
const right = (principal: string, name: string, resource = 'topic'): KafkaRight => ({
  principal,
  name,
  resource,
  host: '*',
  permission: 'Allow',
  operation: 'Read',
  pattern: 'literal',
});
const topic = (name: string) => ({ name, partitions: [], settings: new Map() });
const state = (rights: readonly KafkaRight[]): KafkaState => ({
  brokers: [],
  clock: null,
  logins: ['test.webhooks', 'CN=ledger', 'webhooks'],
  topics: [topic('test.ledger.events'), topic('ledger.events')],
  rights,
});

describe('names of an environment at the broker', () => {
  it('are the names of the tables again for the doctor', () => {
    const { topics, logins, rights } = logicalState(
      state([
        right('User:CN=ledger', 'test.ledger.events'),
        right('User:test.webhooks', 'test.webhooks', 'group'),
      ]),
      NAMING,
    );

    expect(topics.map(({ name }) => name)).toEqual(['ledger.events']);
    expect(logins).toEqual(['webhooks', 'ledger', 'webhooks']);
    expect(rights).toEqual([
      right('User:ledger', 'ledger.events'),
      right('User:webhooks', 'webhooks', 'group'),
    ]);
    expect(principalOf('webhooks', NAMING)).toBe('User:test.webhooks');
  });

  it('hide the other environment, but no right of an own login or on own topics', () => {
    const { rights } = logicalState(
      state([
        right('User:webhooks', 'withdrawal.events'),
        right('User:test.webhooks', 'ledger.events'),
        right('User:mallory', '*'),
      ]),
      NAMING,
    );

    expect(rights).toEqual([
      right('User:webhooks', 'ledger.events (without test.)'),
      right('User:mallory', '* (without test.)'),
    ]);
  });
});
