import { newClusterId } from './broker-files.js';

describe('newClusterId', () => {
  it('never starts with a dash, which the formatter would take for an option', () => {
    const drawn = [Buffer.alloc(16, 0xfb), Buffer.alloc(16, 0x01)];
    expect(drawn[0]?.toString('base64url')).toMatch(/^-/);

    expect(newClusterId(() => drawn.shift() ?? Buffer.alloc(16))).toBe(
      Buffer.alloc(16, 0x01).toString('base64url'),
    );
  });
});
