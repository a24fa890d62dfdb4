import { lookUpCache } from './look-up-cache.js';

describe('lookUpCache', () => {
  it('looks a key up once for all who ask, until it is cleared', async () => {
    const asked: string[] = [];
    const names = lookUpCache((key) => Promise.resolve(`${key}${asked.push(key)}`));
    expect(
      await Promise.all([names.forceFetch('a'), names.forceFetch('a'), names.forceFetch('b')]),
    ).toEqual(['a1', 'a1', 'b2']);
    expect(await names.forceFetch('a')).toBe('a1');
    names.clear();
    expect(await names.forceFetch('a')).toBe('a3');
  });

  it('does not keep what was looked up before it was cleared', async () => {
    const answers: ((value: string) => void)[] = [];
    const names = lookUpCache(() => new Promise<string>((resolve) => answers.push(resolve)));
    const stale = names.forceFetch('key');
    names.clear();
    answers[0]?.('not yet revoked');
    expect(await stale).toBe('not yet revoked');
    const fresh = names.forceFetch('key');
    answers[1]?.('revoked');
    expect(await fresh).toBe('revoked');
  });

  it('does not take an answer to a question of before it was cleared for that of a later one', async () => {
    const answers: ((value: string) => void)[] = [];
    const names = lookUpCache(() => new Promise<string>((resolve) => answers.push(resolve)));
    const stale = names.forceFetch('key');
    names.clear();
    const fresh = names.forceFetch('key');
    answers[0]?.('not yet revoked');
    await stale;
    answers[1]?.('revoked');
    expect([await fresh, await names.forceFetch('key')]).toEqual(['revoked', 'revoked']);
  });

  it('does not keep a failure', async () => {
    let down = true;
    const names = lookUpCache(() =>
      down ? Promise.reject(new Error('away')) : Promise.resolve('here'),
    );
    await expect(names.forceFetch('key')).rejects.toThrow('away');
    down = false;
    expect(await names.forceFetch('key')).toBe('here');
  });

  it('stays small whatever is asked for', async () => {
    let lookUps = 0;
    const names = lookUpCache(() => Promise.resolve(`answer ${++lookUps}`));
    for (let n = 0; n < 10_000; n++) await names.forceFetch(`random ${n}`);
    expect(await names.forceFetch('random 0')).toBe('answer 1');
    await names.forceFetch('one more');
    expect(await names.forceFetch('random 0')).toBe('answer 1');
    expect(await names.forceFetch('random 1')).toBe('answer 10002');
  });
});
