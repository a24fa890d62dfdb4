import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from './read-config.js';
import { secretFile, textOrFile, whole } from './settings.js';

const SCHEMA = {
  port: whole('PORT', 1),
  token: secretFile('TOKEN', { fileInProduction: true }),
  other: secretFile('OTHER'),
};

describe('a secret from a file', () => {
  let folder: string;
  const fileOf = (text: string | Buffer, mode = 0o600): string => {
    const path = join(folder, `secret-${mode.toString(8)}-${text.length}`);
    writeFileSync(path, text);
    chmodSync(path, mode);
    return path;
  };

  beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'sluice-config-'))));

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it.each(['hush', 'hush\n', 'hush\r\n', 'hush\n\n', 'hush\r\n\r\n', '\r\nhush\r'])(
    'is read without the line ends around it: %j',
    (text) => {
      const env = { NODE_ENV: 'production', TOKEN_FILE: fileOf(text), OTHER: 'x' };
      expect(readConfig(env, SCHEMA).token.reveal()).toBe('hush');
    },
  );

  it.each([
    [' hush', 'it begins or ends with a blank or an invisible character'],
    ['hush \n', 'it begins or ends with a blank or an invisible character'],
    ['hush\t', 'it begins or ends with a blank or an invisible character'],
    ['\u00a0hush', 'it begins or ends with a blank or an invisible character'],
    ['hush\u200b\n', 'it begins or ends with a blank or an invisible character'],
    ['hu sh', 'it contains a blank or an invisible character'],
    ['hu\u00adsh', 'it contains a blank or an invisible character'],
    ['hu\u0000sh', 'it contains a blank or an invisible character'],
    ['hu\nsh\n', 'it has several lines'],
    ['hu\rsh', 'it has several lines'],
    ['\ufeffhush', 'it begins with a byte order mark: save it as UTF-8 without the mark'],
    ['\ufeff', 'it begins with a byte order mark'],
    [Buffer.from([0x68, 0xff, 0x68]), 'it is not UTF-8'],
    ['\r\n\n', 'it is empty'],
  ])('is refused with the name of its file: %j', (text, fault) => {
    const path = fileOf(text);
    const read = (): unknown => readConfig({ TOKEN_FILE: path, OTHER: 'x' }, SCHEMA);

    expect(read).toThrow(`TOKEN cannot come from TOKEN_FILE (${path}): ${fault}`);
    expect(read).not.toThrow(/hush|hu.sh/);
  });

  it('is refused in the plain variable for the same reasons', () => {
    expect(() => readConfig({ TOKEN: 'x', OTHER: 'hush ' }, SCHEMA)).toThrow(
      'configuration: OTHER is refused: it begins or ends with a blank or an invisible character',
    );
    expect(readConfig({ TOKEN: 'x', OTHER: 'hush\n' }, SCHEMA).other.reveal()).toBe('hush');
  });

  it.each<[string, Parameters<typeof secretFile>[1], string, string | null]>([
    ['a phrase', { form: 'phrase' }, 'hush now\n', 'hush now'],
    ['a phrase', { form: 'phrase' }, 'hush\tnow', null],
    ['a phrase', { form: 'phrase' }, 'hush now ', null],
    ['lines', { form: 'lines' }, 'a\nb\r\nc\n\n', 'a\nb\r\nc'],
    ['lines', { form: 'lines' }, 'a\nb \n', null],
    [
      'a text with a parser',
      { parse: (text) => text.toUpperCase() },
      '-- k\ne\n--\n',
      '-- K\nE\n--',
    ],
  ])('may have the blanks of its form: %s', (_form, options, text, value) => {
    const read = () =>
      readConfig({ PEM_FILE: fileOf(text) }, { pem: secretFile('PEM', options) }).pem.reveal();
    if (value === null) expect(read).toThrow('PEM cannot come from PEM_FILE');
    else expect(read()).toBe(value);
  });

  it('without a secret keeps its blanks, and not a byte order mark', () => {
    const read = (text: string) =>
      readConfig({ J_FILE: fileOf(text) }, { j: textOrFile('J', (value) => value) }).j;
    expect(read('{ "a": 1 } \n')).toBe('{ "a": 1 } ');
    expect(() => read('\ufeff{}')).toThrow('byte order mark');
  });

  it('may be the plain variable outside production, and where a file was not asked for', () => {
    expect(readConfig({ TOKEN: 'a', OTHER: 'b' }, SCHEMA).token.reveal()).toBe('a');
    const production = { NODE_ENV: 'production', TOKEN: 'a', OTHER: 'b' };
    expect(() => readConfig(production, SCHEMA)).toThrow(
      /^configuration: TOKEN must be in a file in production: set TOKEN_FILE to its path$/,
    );
  });

  it('is refused together with all other faults, and not printed, even where a path should be', () => {
    const read = (): unknown =>
      readConfig(
        { PORT: 'x', TOKEN: 'hush', TOKEN_FILE: fileOf('hush'), OTHER_FILE: '/hush' },
        SCHEMA,
      );

    expect(read).toThrow(
      'configuration: PORT must be a whole number; TOKEN is set, and TOKEN_FILE too: keep one of them; OTHER cannot come from OTHER_FILE: ENOENT',
    );
    expect(read).not.toThrow('hush');
  });

  it.each<[string, () => string, string]>([
    ['everybody may read', () => fileOf('hush', 0o644), 'everybody on this machine may read it'],
    ['is empty', () => fileOf('\n'), 'it is empty'],
    ['is a folder', () => mkdtempSync(join(folder, 'd-')), 'EISDIR'],
  ])('is refused when the file %s', (_what, path, fault) => {
    expect(() => readConfig({ TOKEN_FILE: path(), OTHER: 'x' }, SCHEMA)).toThrow(fault);
  });
});
