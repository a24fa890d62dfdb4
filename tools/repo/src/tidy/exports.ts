import { posix } from 'node:path';
import ts from 'typescript';
import { nodesIn, readJson } from '../repository.js';
import { FILES, PROJECTS } from './repository.js';

/** An exported name of a file. A re-export names the file and the name behind the re-export. */
interface Exported {
  readonly name: string;
  readonly target?: { readonly file: string; readonly name: string };
}

/** Import of a name from a file; `*` imports every name. */
interface Import {
  readonly file: string;
  readonly name: string;
}

interface Module {
  readonly exports: readonly Exported[];
  readonly imports: readonly Import[];
}

type Resolve = (from: string, specifier: string) => string | null;

/**
 * Returns the exports without an import in another file, as `file name`. A re-export is no import.
 * `texts` has the text of each file by path; all of them may import.
 */
export function exportsWithoutImporters(
  texts: ReadonlyMap<string, string>,
  resolve: Resolve = resolveImport,
): readonly string[] {
  const modules = new Map(
    [...texts].map(([file, text]) => [file, moduleOf(file, text, resolve)] as const),
  );
  const imported = new Set<string>();
  const follow = ({ file, name }: Import): void => {
    const exports = modules.get(file)?.exports ?? [];
    const named = exports.filter((one) => name === '*' || one.name === name);
    const found = named.length > 0 ? named : exports.filter((one) => one.name === '*');
    for (const one of found) {
      const key = `${file} ${one.name}`;
      if (imported.has(key) && one.name !== '*') continue;
      imported.add(key);
      const { target } = one;
      if (target !== undefined) follow(target.name === '*' ? { ...target, name } : target);
    }
  };
  for (const { imports } of modules.values()) imports.forEach(follow);
  return [...modules].flatMap(([file, { exports }]) =>
    exports.map(({ name }) => `${file} ${name}`).filter((key) => !imported.has(key)),
  );
}

function moduleOf(file: string, text: string, resolve: Resolve): Module {
  const exports: Exported[] = [];
  const imports: Import[] = [];
  const use = (specifier: string, names: readonly string[]): void => {
    const target = resolve(file, specifier);
    if (target !== null) imports.push(...names.map((name) => ({ file: target, name })));
  };
  for (const node of nodesIn(text, file)) {
    const specifier = specifierOf(node);
    if (ts.isImportDeclaration(node)) use(specifier, importedBy(node.importClause));
    else if (specifier !== '' && !ts.isExportDeclaration(node)) use(specifier, ['*']);
    if (ts.isExportDeclaration(node)) exports.push(...reexportsOf(node, resolve(file, specifier)));
    else if (isExported(node)) exports.push(...declaredBy(node).map((name) => ({ name })));
  }
  return { exports, imports };
}

/** Module of an import, an export, a dynamic import or an import type; empty for other nodes. */
function specifierOf(node: ts.Node): string {
  const module =
    ts.isImportDeclaration(node) || ts.isExportDeclaration(node)
      ? node.moduleSpecifier
      : ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
        ? node.arguments[0]
        : ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)
          ? node.argument.literal
          : undefined;
  return module !== undefined && ts.isStringLiteralLike(module) ? module.text : '';
}

function importedBy(clause: ts.ImportClause | undefined): readonly string[] {
  const bindings = clause?.namedBindings;
  if (bindings === undefined) return clause?.name === undefined ? [] : ['default'];
  if (ts.isNamespaceImport(bindings)) return ['*'];
  return bindings.elements.map(({ name, propertyName }) => (propertyName ?? name).text);
}

function reexportsOf(node: ts.ExportDeclaration, file: string | null): readonly Exported[] {
  const targeted = (name: string, original: string): Exported =>
    file === null ? { name } : { name, target: { file, name: original } };
  const { exportClause } = node;
  if (exportClause === undefined) return [targeted('*', '*')];
  if (!ts.isNamedExports(exportClause)) return [targeted(exportClause.name.text, '*')];
  return exportClause.elements.map(({ name, propertyName }) =>
    targeted(name.text, (propertyName ?? name).text),
  );
}

function isExported(node: ts.Node): boolean {
  return (
    ts.canHaveModifiers(node) &&
    ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true
  );
}

function declaredBy(node: ts.Node): readonly string[] {
  if (ts.isVariableStatement(node))
    return node.declarationList.declarations.flatMap(({ name }) => boundBy(name));
  if (
    ts.isFunctionDeclaration(node) ||
    ts.isClassDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isEnumDeclaration(node)
  )
    return [node.name?.text ?? 'default'];
  return [];
}

function boundBy(name: ts.BindingName): readonly string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) =>
    ts.isOmittedExpression(element) ? [] : boundBy(element.name),
  );
}

const FOLDERS = new Map(PROJECTS.map(({ name, folder }) => [`@sluice/${name}`, folder]));

/** Returns the file of an import within the repository; null for an installed package. */
function resolveImport(from: string, specifier: string): string | null {
  if (specifier.startsWith('.')) return sourceOf(posix.join(posix.dirname(from), specifier));
  if (specifier.startsWith('#')) {
    const [folder = '', name = ''] = from.split('/').slice(0, 2);
    return `${folder}/${name}/src/${specifier.slice(1)}.ts`;
  }
  const [, name = '', path = ''] = /^(@sluice\/[^/]+)(.*)$/.exec(specifier) ?? [];
  const folder = FOLDERS.get(name);
  if (folder === undefined) return null;
  const { exports = {} } = readJson<{ exports?: Entries }>(`${folder}/package.json`);
  const source = exports[`.${path}`]?.['@sluice/source'];
  return source === undefined ? null : posix.join(folder, source);
}

/** Source behind the name of a compiled file: TypeScript, with or without JSX. */
function sourceOf(compiled: string): string {
  const source = compiled.replace(/\.js$/, '.ts');
  return !FILES.includes(source) && FILES.includes(`${source}x`) ? `${source}x` : source;
}

type Entries = Readonly<Record<string, { readonly '@sluice/source'?: string }>>;
