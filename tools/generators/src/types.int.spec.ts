import { TempWorkspace } from './testkit/temp-workspace.js';

const SLOW = 300_000;

let workspace: TempWorkspace;
beforeAll(() => {
  workspace = TempWorkspace.create();
}, SLOW);
afterAll(() => workspace?.remove());

// The check reads the whole repository, and therefore runs once for both generators.
it(
  'a generated connector and a generated service pass the type check',
  () => {
    workspace.run('nx', 'g', './tools/generators:connector', '--name=acme');
    workspace.run('nx', 'g', './tools/generators:service', '--name=reporting');
    expect(workspace.read('apps/connector-acme/src/main.ts')).not.toBe('');
    expect(workspace.read('apps/reporting/src/main.ts')).not.toBe('');

    expect(workspace.run('tsc', '-p', 'tsconfig.json', '--noEmit')).toEqual({
      status: 0,
      output: '',
    });
  },
  SLOW,
);
