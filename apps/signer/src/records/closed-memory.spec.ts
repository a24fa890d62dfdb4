import { ClosedMemory } from './closed-memory.js';

describe('the memory of closed withdrawals', () => {
  it('misses a known withdrawal that is no longer closed', () => {
    const memory = new ClosedMemory();
    memory.learn(['a', 'b']);
    expect(memory.reopened(['c', 'a', 'b'], ['a', 'b'])).toBeNull();
    expect(memory.reopened(['c', 'a', 'b'], ['a'])).toBe('b');
    expect(memory.reopened(['c'], [])).toBeNull();
  });

  it('forgets the oldest', () => {
    const memory = new ClosedMemory(2);
    memory.learn(['a', 'b', 'c']);
    expect(memory.reopened(['a'], [])).toBeNull();
    expect(memory.reopened(['b'], [])).toBe('b');
  });
});
