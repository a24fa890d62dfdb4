import { COMMANDS, SUBJECTS } from './commands.js';
import { findCommand } from './language/parse-command-line.js';
import { helpOf, overview } from './help.js';

describe('help', () => {
  it('lists every command', () => {
    for (const { name, summary } of COMMANDS)
      expect(overview(COMMANDS)).toMatch(new RegExp(`^ +${name} +${summary}$`, 'm'));
  });

  it('groups the commands by subject', () => {
    const lines = overview(COMMANDS).split('\n');
    const at = Object.keys(SUBJECTS).map((subject) => lines.indexOf(subject));

    expect(at).toEqual(at.toSorted((one, other) => one - other));
    expect(at).not.toContain(-1);
  });

  it('tells what must be given, what may be, and what may be repeated', () => {
    expect(helpOf(findCommand(['key', 'create'], COMMANDS).command)).toContain(
      'usage: npm run -s sluice -- key create --account A --permissions P,… [--label L] [--rate-limit 1..100000000] [--allow-ip CIDR]… [--any-address] [--expires 1..3650|never] [--public-key PEM]',
    );
  });

  it.each(COMMANDS.map((command) => [command.name, command] as const))(
    'of %s explains each option and gives an example',
    (_name, command) => {
      const text = helpOf(command);

      for (const { name, help } of command.options)
        expect(text).toMatch(new RegExp(`^ +--${name}.* ${escaped(help)}$`, 'm'));
      expect(text).toContain(`example: npm run -s sluice -- ${command.example}`);
    },
  );

  it.each([
    ['webhook pause', 'webhook pause 0193a1b2-0000-7000-8000-00000000000a'],
    [
      'withdrawal resolve',
      'withdrawal resolve 17 --as paid --evidence "ticket 8812: the cause is found"',
    ],
    [
      'kafka skip',
      'kafka skip --service ledger --topic ledger.commands --partition 3 --offset 8712 --evidence "ticket 8812: the cause is found"',
    ],
    ['approvals list', 'approvals list'],
  ])('of %s has an example of the samples of the required inputs', (name, example) => {
    expect(findCommand(name.split(' '), COMMANDS).command.example).toBe(example);
  });

  it('explains an operand by the list of its group', () => {
    expect(helpOf(findCommand(['breaks', 'show'], COMMANDS).command)).toMatch(
      /^ +ID +as "sluice breaks list" shows it, e\.g\. 4$/m,
    );
  });

  it.each([
    ['ledger resume', 'It counts when a second person approves it: sluice approve.'],
    ['fund', 'Some requests count when a second person approves them: sluice approve.'],
  ])('of %s names the second person', (name, note) => {
    expect(findCommand(name.split(' '), COMMANDS).command.notes).toContain(note);
  });
});

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
