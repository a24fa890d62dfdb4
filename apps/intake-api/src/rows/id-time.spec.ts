import { randomUUIDv7 } from 'node:crypto';
import { idAt, timeOfId } from './id-time.js';

describe('the time in an id', () => {
  it('is that of its making', () => {
    expect(Math.abs(timeOfId(randomUUIDv7()) - Date.now())).toBeLessThan(1_000);
  });

  it('has a lowest id, which sorts before all others of that time', () => {
    const id = randomUUIDv7();

    expect(timeOfId(idAt(timeOfId(id)))).toBe(timeOfId(id));
    expect(idAt(timeOfId(id)) <= id).toBe(true);
    expect(idAt(timeOfId(id) + 1) > id).toBe(true);
  });
});
