import { filesOf, PROJECTS, read } from './repository.js';

const IMPORT =
  /(?:^|[\n;])\s*(?:import|export)\s+(?:type\s+)?(?:[^'"`;]*?\sfrom\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

/** Returns the modules imported by a TypeScript text, including type imports. */
export function importsOf(text: string): readonly string[] {
  return [...text.matchAll(IMPORT)].map(([, fixed, dynamic]) => fixed ?? dynamic ?? '');
}

type Graph = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Returns the imports between projects, including imports by specs: project → imported projects.
 */
export function projectGraph(): Graph {
  const names = new Map(PROJECTS.map(({ name }) => [`@sluice/${name}`, name]));
  return new Map(
    PROJECTS.map((project) => {
      const imports = filesOf(project, /\/src\/.*\.tsx?$/).flatMap((file) => importsOf(read(file)));
      return [
        project.name,
        new Set(
          imports
            .flatMap((name) => names.get(name.split('/', 2).join('/')) ?? [])
            .filter((name) => name !== project.name),
        ),
      ];
    }),
  );
}

/** The first cycle found, as `a → b → a`, or null. */
export function findCycle(graph: Graph): string | null {
  const done = new Set<string>();
  const visit = (node: string, path: readonly string[]): string | null => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node].join(' → ');
    if (done.has(node)) return null;
    for (const next of graph.get(node) ?? []) {
      const cycle = visit(next, [...path, node]);
      if (cycle) return cycle;
    }
    done.add(node);
    return null;
  };
  for (const node of graph.keys()) {
    const cycle = visit(node, []);
    if (cycle) return cycle;
  }
  return null;
}
