import { TtlCache } from './ttl-cache.js';

describe('TtlCache', () => {
  it('looks a key up once for all who ask, until it is cleared', async () => {
    const asked: string[] = [];
    const names = new TtlCache((key) => Promise.resolve(`${key}${asked.push(key)}`));
    expect(await Promise.all([names.get('a'), names.get('a'), names.get('b')])).toEqual([
      'a1',
      'a1',
      'b2',
    ]);
    expect(await names.get('a')).toBe('a1');
    names.clear();
    expect(await names.get('a')).toBe('a3');
  });

  it('does not keep what was looked up before it was cleared', async () => {
    const answers: ((value: string) => void)[] = [];
    const names = new TtlCache(() => new Promise<string>((resolve) => answers.push(resolve)));
    const stale = names.get('key');
    names.clear();
    answers[0]?.('not yet revoked');
    expect(await stale).toBe('not yet revoked');
    const fresh = names.get('key');
    answers[1]?.('revoked');
    expect(await fresh).toBe('revoked');
  });

  it('does not keep a failure', async () => {
    let down = true;
    const names = new TtlCache(() =>
      down ? Promise.reject(new Error('away')) : Promise.resolve('here'),
    );
    await expect(names.get('key')).rejects.toThrow('away');
    down = false;
    expect(await names.get('key')).toBe('here');
  });

  it('stays small whatever is asked for', async () => {
    let lookUps = 0;
    const names = new TtlCache(() => Promise.resolve(++lookUps));
    for (let n = 0; n < 10_000; n++) await names.get(`random ${n}`);
    expect(await names.get('random 0')).toBe(1);
    await names.get('one more');
    expect(await names.get('random 0')).toBe(10_002);
  });
});
