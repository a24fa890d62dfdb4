import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runChild } from '../child.mjs';

describe('runChild', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-child-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('names program, reason and remedy of a program that is missing', () => {
    expect(() => runChild('no-such-program', [], {})).toThrow(
      'no-such-program cannot be started (spawnSync no-such-program ENOENT); install no-such-program, or add its folder to PATH',
    );
  });

  it('asks for a new installation where a tool of node_modules is missing', () => {
    expect(() => runChild('nx', [], { env: { PATH: folder } })).toThrow(
      'nx cannot be started (spawnSync nx ENOENT); node_modules is incomplete: delete the folder node_modules, and run the command again',
    );
  });

  it('names the remedy for a program that may not be executed', () => {
    const program = join(folder, 'closed');
    writeFileSync(program, '#!/bin/sh\n');
    chmodSync(program, 0o600);

    expect(() => runChild(program, [], {})).toThrow(/EACCES\); allow the execution of the program/);
  });

  it('returns exit code and output of a program that has run', () => {
    const { status, stdout } = runChild('/bin/sh', ['-c', 'echo out; exit 3'], {
      encoding: 'utf8',
    });

    expect({ status, stdout }).toEqual({ status: 3, stdout: 'out\n' });
  });
});
