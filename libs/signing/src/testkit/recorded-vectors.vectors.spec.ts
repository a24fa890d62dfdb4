import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { headerOf, needed, readVectors, unknownFiles } from './recorded-vectors.js';

describe('a folder of vectors', () => {
  let folder: string;
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'sluice-vectors-'))));
  afterEach(() => rmSync(folder, { recursive: true }));
  const write = (file: string, text: string): void => writeFileSync(join(folder, file), text);

  it('may lack a file', () => {
    expect(readVectors(folder, 'gateio.json')).toBeNull();
  });

  it('is identified by client and name, and may contain unknown fields', () => {
    write('gateio.json', '[{"name":"list","oracle":"ccxt","extra":{"x":1}},{"name":"list"}]');

    expect(readVectors(folder, 'gateio.json')).toMatchObject([
      ['ccxt: list', { extra: { x: 1 } }],
      ['own: list', {}],
    ]);
  });

  it.each([
    ['[', 'is no JSON'],
    ['{"vectors":[]}', 'has to be a JSON list of vectors'],
    ['[]', 'has to be a JSON list of vectors'],
    ['[{"name":"a"},{"oracle":"b"}]', 'vector 2 of'],
    ['[null]', 'vector 1 of'],
  ])('with %s in it is refused in words', (text, message) => {
    write('bybit.json', text);

    expect(() => readVectors(folder, 'bybit.json')).toThrow(message);
  });

  it('names the files of which no scheme is known', () => {
    for (const file of ['gateio.json', 'kraken.json', 'README.md']) write(file, '[]');

    expect(unknownFiles(folder)).toEqual(['kraken.json']);
  });
});

describe('a vector', () => {
  it('has its headers in any case, and reports what is missing', () => {
    const vector = { name: 'a', headers: { 'x-bm-sign': 'ab' } };

    expect(headerOf(vector, 'X-BM-SIGN')).toBe('ab');
    expect(() => needed(headerOf(vector, 'X-BM-KEY'), 'X-BM-KEY')).toThrow(
      'the vector lacks X-BM-KEY',
    );
  });
});
