import { ByteWatch } from './byte-watch.js';

function chunks(...texts: string[]): ByteWatch {
  const watch = new ByteWatch();
  texts.forEach((text) => watch.see(Buffer.from(text)));
  return watch;
}

describe('ByteWatch', () => {
  it('finds bytes in the newest chunk and across chunks', () => {
    expect(chunks('a COMMIT b').contains('COMMIT')).toBe(true);
    expect(chunks('CO', 'MM', 'IT').contains('COMMIT')).toBe(true);
  });

  it('does not find again what an earlier chunk held whole', () => {
    expect(chunks('COMMIT', 'BEGIN').contains('COMMIT')).toBe(false);
    expect(chunks('C', 'x').contains('C')).toBe(false);
  });
});
