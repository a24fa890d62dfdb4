import { workspaceRoot } from '@sluice/test-servers';
import { edited } from '../ablation/edited-code.js';
import { NEXT_SCHEMA } from './versions.js';

describe('the version with a further migration', () => {
  it('differs from this version in the migrations and rights of the ledger', () => {
    const sources = [...edited(NEXT_SCHEMA, workspaceRoot()).values()].join('\n');

    for (const { to } of NEXT_SCHEMA) expect(sources).toContain(to);
  });
});
