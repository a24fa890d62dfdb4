import { COMMANDS } from './commands.js';
import { keyCreate } from './commands/key-create.js';
import { helpOf, overview, usageOf } from './help.js';

describe('help', () => {
  it('lists every command', () => {
    for (const { name, summary } of COMMANDS)
      expect(overview(COMMANDS)).toMatch(new RegExp(`^ +${name} +${summary}$`, 'm'));
  });

  it('tells what must be given, what may be, and what may be repeated', () => {
    expect(usageOf(keyCreate)).toBe(
      'key create --account A --permissions P,… [--label L] [--rate-limit N] [--allow-ip CIDR]… [--any-address] [--expires DAYS] [--public-key PEM]',
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
