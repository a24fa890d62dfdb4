import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from '@sluice/test-servers';

const SOURCES = '{apps,libs}/*/src/**/*.ts';

/** The metrics of the code, with their labels: how each of them is declared. */
export function declaredMetrics(): ReadonlyMap<string, readonly string[]> {
  const root = workspaceRoot();
  const code = globSync(SOURCES, { cwd: root })
    .filter((file) => !file.endsWith('.spec.ts'))
    .map((file) => readFileSync(join(root, file), 'utf8'))
    .join('\n');
  const declared = [...code.matchAll(/name(?::| =) '(sluice_\w+)'/g)].map(
    ({ 1: name = '', index }) => {
      const [own = ''] = code.slice(index + 1, index + 900).split(/name(?::| =) 'sluice_/, 1);
      const [, list = ''] = /(?:labelNames|labels): \[([^\]]*)\]/.exec(own) ?? [];
      return [name, [...list.matchAll(/'(\w+)'/g)].map(([, label = '']) => label)] as const;
    },
  );
  return new Map(declared);
}
