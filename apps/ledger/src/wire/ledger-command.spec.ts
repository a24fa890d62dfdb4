import { randomUUIDv7 } from 'node:crypto';
import { capture, commandOf, place, venueFee } from '../testkit/given-ledger.js';
import { eventIdOf } from './ledger-command.js';

describe('the id of the event that answers a command', () => {
  const hold = place(randomUUIDv7(), '10');
  const command = commandOf(hold);

  it('is equal for each delivery of the command', () => {
    const { id, type, data } = command;

    expect(eventIdOf({ id, type, data: { ...data } })).toBe(eventIdOf(command));
  });

  it('is a UUIDv8, and another id than the command has', () => {
    expect(eventIdOf(command)).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(eventIdOf(command)).not.toBe(command.id);
  });

  it('differs between commands, also if a sender uses one command id for different commands', () => {
    const bodies = [hold, capture(hold, '9'), capture(hold, '8'), venueFee(hold, '0.2')];
    const ids = bodies.flatMap((body) => [
      eventIdOf(commandOf(body)),
      eventIdOf({ ...commandOf(body), id: command.id }),
    ]);

    expect(new Set(ids).size).toBe(ids.length);
  });
});
