// Prints bytecode.json as solc makes it of TestTokens.sol: node libs/test-servers/src/evm/tokens/compile-tokens.ts > …/bytecode.json
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import solc from 'solc';

interface Compiled {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[];
  readonly contracts: Record<
    string,
    Record<string, { readonly evm: { readonly bytecode: { readonly object: string } } }>
  >;
}

const FILE = 'TestTokens.sol';
const content = readFileSync(join(import.meta.dirname, FILE), 'utf8');
const input = {
  language: 'Solidity',
  sources: { [FILE]: { content } },
  settings: {
    optimizer: { enabled: true, runs: 200 },
    // The EVM version known to most nodes. The code contains no hash of the source: a changed
    // comment does not change the bytecode.
    evmVersion: 'paris',
    metadata: { bytecodeHash: 'none', appendCBOR: false },
    outputSelection: { '*': { '*': ['evm.bytecode.object'] } },
  },
};
const compile = solc.compile as (input: string) => string;
const { errors = [], contracts } = JSON.parse(compile(JSON.stringify(input))) as Compiled;
for (const { formattedMessage } of errors) process.stderr.write(`${formattedMessage}\n`);
if (errors.some(({ severity }) => severity === 'error')) process.exit(1);

const bytecode = Object.entries(contracts[FILE] ?? {})
  .map(([name, { evm }]) => [name, `0x${evm.bytecode.object}`] as const)
  .filter(([, code]) => code !== '0x');
process.stdout.write(`${JSON.stringify(Object.fromEntries(bytecode), null, 2)}\n`);
