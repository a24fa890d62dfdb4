import { GroupCommit } from './group-commit.js';

const tick = () => new Promise((resolve) => setImmediate(resolve));

describe('GroupCommit', () => {
  it('gathers the next group while one is at work, and answers each item its own', async () => {
    const groups: number[][] = [];
    let release: () => void = () => undefined;
    const commit = new GroupCommit<number, number>(async (items) => {
      groups.push([...items]);
      await new Promise<void>((resolve) => (release = resolve));
      return items.map((item) => item * 10);
    });

    const answers = [commit.add(1)];
    await tick();
    answers.push(commit.add(2), commit.add(3));
    release();
    await tick();
    release();

    expect(await Promise.all(answers)).toEqual([10, 20, 30]);
    expect(groups).toEqual([[1], [2, 3]]);
  });

  it('fails only the group that failed', async () => {
    let fail = true;
    const commit = new GroupCommit<number, number>((items) =>
      fail ? Promise.reject(new Error('down')) : Promise.resolve(items),
    );
    await expect(commit.add(1)).rejects.toThrow('down');
    fail = false;
    await expect(commit.add(2)).resolves.toBe(2);
  });

  it('says so when the work forgot an item', async () => {
    await expect(new GroupCommit<number, number>(() => Promise.resolve([])).add(1)).rejects.toThrow(
      'answered 0 of 1',
    );
  });
});
