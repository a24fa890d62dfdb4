import type { Command } from './command.js';
import { COMMANDS } from '../commands.js';
import { findCommand, inputOf, parseCommandLine } from './parse-command-line.js';
import { wordsOf } from '../testkit/words-of.js';

function read(line: string) {
  const { words, values } = parseCommandLine(wordsOf(line), COMMANDS);
  const { command, rest } = findCommand(words, COMMANDS);
  return { command, values, input: inputOf(command, rest, values) };
}

describe('a command line', () => {
  it.each(COMMANDS.map((command) => [command.name, command] as const))(
    'of the example of %s is understood as that command',
    (_name, command: Command) => {
      expect(read(command.example).command).toBe(command);
    },
  );

  it('may have its options anywhere', () => {
    const { command, input, values } = read('--json balances --account=A');

    expect(command.name).toBe('balances');
    expect(input['account']).toBe('A');
    expect(values.has('json')).toBe(true);
  });

  it('may give a list option several times, and any other once', () => {
    const { input } = read(
      'key create --account A --permissions withdraw --allow-ip 10.0.0.0/8 --allow-ip ::1',
    );

    expect(input['allow_ip']).toEqual(['10.0.0.0/8', '::1']);
    expect(() => read('balances --account A --account B')).toThrow('--account is given twice');
  });

  it.each([
    ['balances', 'balances needs --account A; see "sluice balances --help"'],
    ['withdrawal show', 'withdrawal show needs ID; see "sluice withdrawal show --help"'],
    [
      'withdrawal show 1 2',
      'withdrawal show does not know what to do with "2"; see "sluice withdrawal show --help"',
    ],
    ['balances --account', '--account needs a value: --account A'],
    [
      'balances --account --json',
      '--account needs a value: --account A (if it is to be "--json", write --account=--json)',
    ],
    ['balances --account A --json=yes', '--json takes no value'],
    ['balances --acount A', 'no such option: --acount; did you mean --account?'],
    ['balances --account A --limt 3', 'no such option: --limt; did you mean --limit?'],
    [
      'balances --account A --limit 3',
      'balances has no option --limit; see "sluice balances --help"',
    ],
    [
      'acount list',
      'no such command: acount list; did you mean "account list"? "sluice --help" lists them all',
    ],
    [
      'withdrawal sho 7',
      'no such command: withdrawal sho; did you mean "withdrawal show"? "sluice --help" lists them all',
    ],
    [
      'invariant',
      'no such command: invariant; did you mean "invariants check"? "sluice --help" lists them all',
    ],
    ['dead-letter', 'dead-letter what? There are: dead-letter list, dead-letter replay'],
  ])('%s is refused with the way out', (line, message) => {
    expect(() => read(line)).toThrow(message);
  });

  it('gives an option one meaning in all commands, or it could not be read before the command is known', () => {
    const kinds = new Map<string, boolean>();
    for (const { name, value } of COMMANDS.flatMap(({ options }) => options)) {
      expect(kinds.get(name) ?? value !== undefined).toBe(value !== undefined);
      kinds.set(name, value !== undefined);
    }
  });
});

describe('the input of a command', () => {
  it.each(['0', '1001', '1.5', '-1', 'ten', '1e2'])('takes no limit of %s', (limit) => {
    expect(() => read(`withdrawal list --limit=${limit}`)).toThrow(
      `--limit takes a whole number from 1 to 1000, not "${limit}"`,
    );
  });

  it.each([
    'audit list --since',
    'audit verify --since',
    'ledger balance --account A --at',
    'terms set --currency C --network N --from',
    'terms account --account A --currency C --network N --from',
    'terms network --network N --from',
    'webhook requeue --webhook W --to',
    'webhook requeue --webhook W --from',
  ])('takes only moments of the calendar: %s', (line) => {
    const [option = ''] = line.split(' ').slice(-1);
    for (const at of ['2026-02-30T00:00:00Z', '2026-04-31T00:00:00Z', '2026-11-20T24:00:00Z'])
      expect(() => read(`${line} ${at}`)).toThrow(
        `${option} takes a UTC time such as 2026-11-20T08:00:00Z, not "${at}"`,
      );
    expect(() => read(`${line} 2028-02-29T23:59:59.5Z`)).not.toThrow();
  });

  it.each(['2026-02-30', '2026-13-01', '2026-11-1', '2026-11-20T08:00:00Z'])(
    'takes no date of %s',
    (date) => {
      expect(() => read(`ledger detach --before ${date}`)).toThrow(
        `--before takes a date such as 2026-11-20, not "${date}"`,
      );
    },
  );

  it('takes one of the words that are offered', () => {
    expect(() => read('withdrawal resolve 1 --as maybe --evidence none')).toThrow(
      '--as takes paid or absent or returned, not "maybe"',
    );
  });
});
