import { OwnPace } from './own-pace.js';

describe('the auditor’s pace', () => {
  it('keeps the calls of an endpoint half a second apart, and no other', async () => {
    const waits: number[] = [];
    const pace = new OwnPace(
      () => 1_000,
      (ms) => Promise.resolve(waits.push(ms)),
    );

    for (const endpoint of ['a', 'a', 'b', 'a']) await pace.turn(endpoint);

    expect(waits).toEqual([500, 1_000]);
  });
});
