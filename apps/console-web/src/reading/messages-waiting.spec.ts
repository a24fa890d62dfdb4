import { messagesWaiting } from './messages-waiting.js';

const NOTES = { topic: 'notes', partitions: 8, waiting: 3 };

describe('the messages that wait for a service', () => {
  it('are counted over its topics', () =>
    expect(messagesWaiting({ topics: [NOTES, { ...NOTES, waiting: 4 }], faults: [] })).toEqual({
      tone: 'quiet',
      text: '7',
    }));

  it.each([
    ['a topic is not measured', [NOTES, { ...NOTES, waiting: null }]],
    ['the asked process reads no partition', [{ ...NOTES, partitions: 0, waiting: null }]],
  ])('are not known when %s', (_when, topics) =>
    expect(messagesWaiting({ topics, faults: [] })).toEqual({ tone: 'wait', text: 'not known' }),
  );

  it('leave out a topic that other processes read', () =>
    expect(
      messagesWaiting({ topics: [NOTES, { ...NOTES, partitions: 0, waiting: null }], faults: [] }),
    ).toEqual({ tone: 'quiet', text: '3' }));

  it('are a fault when the consumer has one', () =>
    expect(messagesWaiting({ topics: [NOTES], faults: ['kafka: no member'] }).tone).toBe('bad'));

  it('are none of a service without topics', () =>
    expect(messagesWaiting({ topics: [], faults: [] }).text).toBe('reads no topic'));
});
