import { Patience } from './patience.js';

describe('Patience', () => {
  let now = 0;
  const given = () => {
    now = 0;
    return new Patience(10, () => now);
  };
  const refused = () => Promise.resolve(false);
  const taken = () => Promise.resolve(true);

  it('permits the work at once with the lock', async () => {
    expect(await given().permits(taken)).toBe(true);
  });

  it('permits the work once without the lock after the limit, and not before', async () => {
    const patience = given();
    const permitted: number[] = [];
    for (; now <= 40; now += 1) if (await patience.permits(refused)) permitted.push(now);

    expect(permitted).toEqual([11, 23, 35]);
  });

  it('does not wait for a lock after the limit', async () => {
    const patience = given();
    await patience.permits(refused);
    now = 11;

    expect(await patience.permits(() => new Promise(() => undefined))).toBe(true);
  });

  it('counts a lock that cannot be read as refused', async () => {
    const patience = given();
    const failed = () => Promise.reject(new Error('canceling statement due to lock timeout'));
    await expect(patience.permits(failed)).rejects.toThrow('lock timeout');
    now = 11;

    expect(await patience.permits(failed)).toBe(true);
  });

  it('starts again after each permission', async () => {
    const patience = given();
    await patience.permits(refused);
    now = 8;
    expect(await patience.permits(taken)).toBe(true);
    now = 12;

    expect(await patience.permits(refused)).toBe(false);
  });
});
