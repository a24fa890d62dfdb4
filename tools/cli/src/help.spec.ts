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
});

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
