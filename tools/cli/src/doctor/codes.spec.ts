import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../../../..');
const JUDGES = [
  'tools/cli/src/doctor/*.ts',
  'libs/service-shell/src/self-check/*.check.ts',
  'libs/connector-engine/src/self-check/*.ts',
  'apps/connector-evm/src/self-check/*.ts',
  'apps/signer/src/signatures/signatures.ts',
  'apps/signer/src/records/nonce-records.ts',
];
/** Words with a hyphen that are none. */
const NO_CODES = ['prom-client', 'self-check', 'verify-full'];
const PAGE = readFileSync(join(ROOT, 'docs/operator.md'), 'utf8');

describe('the codes of findings', () => {
  it('are all explained on the page for operators, and no others', () => {
    const files = globSync(JUDGES, { cwd: ROOT }).filter((file) => !file.endsWith('.spec.ts'));
    const used = files.flatMap((file) =>
      [...readFileSync(join(ROOT, file), 'utf8').matchAll(/'([a-z]+(?:-[a-z]+)+)'/g)].map(
        ([, code = '']) => code,
      ),
    );
    const codes = [...new Set(used)].filter((code) => !NO_CODES.includes(code));
    const list = PAGE.split('Codes of findings:\n\n')[1]?.split('\n\n')[0] ?? '';
    const explained = [...list.matchAll(/`([a-z]+(?:-[a-z]+)+)`/g)].map(([, code = '']) => code);

    expect(explained.toSorted()).toEqual(codes.toSorted());
  });
});
