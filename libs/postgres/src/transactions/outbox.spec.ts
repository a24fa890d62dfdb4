import { randomBytes } from 'node:crypto';
import type { OutgoingMessage } from './commit-order-queue.js';
import { packMessages, unpackMessages } from './outbox.js';

const messageOf = (value: string): OutgoingMessage => ({
  topic: 'notes',
  key: 'w1',
  orderingKey: 'w1',
  headers: { ce_id: 'a' },
  value,
});

describe('packMessages', () => {
  it.each([0, 1, 300, 5_000, 100_000])('packs what unpacks as it was: %i bytes', (bytes) => {
    const messages = [messageOf(randomBytes(bytes).toString('hex')), messageOf('a'.repeat(bytes))];

    expect(unpackMessages(packMessages(messages))).toEqual(messages);
  });

  it('leaves little behind until memory is collected', () => {
    const messages = [messageOf(randomBytes(100).toString('hex'))];
    const buffers = () => process.memoryUsage().arrayBuffers;
    const [before, rows] = [buffers(), 500];

    for (let n = 0; n < rows; n++) packMessages(messages);

    expect((buffers() - before) / rows).toBeLessThan(8_000);
  });
});
