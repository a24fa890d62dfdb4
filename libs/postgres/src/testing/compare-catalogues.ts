import type { DatabaseCatalogue, CatalogueColumn, Guard } from './catalogue.js';

/**
 * Returns the changes in `after` incompatible with a release written for `before`, as sentences.
 */
export function compareCatalogues(
  before: DatabaseCatalogue,
  after: DatabaseCatalogue,
): readonly string[] {
  const isKept = (table: string): boolean =>
    before.relations.has(table) && after.relations.has(table);
  return [
    ...missing(before.relations, after.relations).map((name) => `drops or renames ${name}`),
    ...missing(before.functions, after.functions).map((name) => `drops or changes ${name}`),
    ...[...before.columns].flatMap(([name, column]) =>
      isKept(column.table) ? changed(name, column, after.columns.get(name)) : [],
    ),
    ...[...after.columns].flatMap(([name, { table, mustBeGiven }]) =>
      isKept(table) && mustBeGiven && !before.columns.has(name)
        ? [`adds ${name}, which is not null and has no default: the last release does not give it`]
        : [],
    ),
    ...[...after.guards].flatMap(([name, guard]) =>
      isKept(guard.table) && !before.guards.has(name) && !isOfNewColumns(guard, before, after)
        ? [
            `adds a ${guard.kind} to ${guard.table} that may refuse what the last release writes: ${guard.definition}`,
          ]
        : [],
    ),
    ...[...before.guards].flatMap(([name, { kind, table, definition }]) =>
      isKept(table) && kind === 'unique key' && !after.guards.has(name)
        ? [
            `takes the unique key ${definition} from ${table}: ON CONFLICT of the last release does not find it`,
          ]
        : [],
    ),
  ];
}

function changed(
  name: string,
  was: CatalogueColumn,
  is: CatalogueColumn | undefined,
): readonly string[] {
  if (is === undefined) return [`drops or renames ${name}`];
  return [
    ...(widens(was.type, is.type)
      ? []
      : [`changes the type of ${name} from ${was.type} to ${is.type}`]),
    ...(was.isNullable && !is.isNullable
      ? [`makes ${name} not null: the last release may leave it out`]
      : []),
    ...(was.hasDefault && !is.hasDefault
      ? [`takes the default of ${name}: the last release may rely on it`]
      : []),
  ];
}

/** True if a driver reads values as before and every former value still fits. */
function widens(was: string, is: string): boolean {
  if (was === is) return true;
  const [, from, length] = /^(character varying|numeric)\((\d+(?:,\d+)?)\)$/.exec(was) ?? [];
  if (from === undefined || length === undefined)
    return was === 'character varying' && is === 'text';
  const [, to, longer] = /^(character varying|numeric|text)(?:\((\d+(?:,\d+)?)\))?$/.exec(is) ?? [];
  if (to !== from && !(from === 'character varying' && to === 'text')) return false;
  if (longer === undefined) return true;
  const [[digits = 0, scale = 0], [more = 0, sameScale = 0]] = [length, longer].map((one) =>
    one.split(',').map(Number),
  ) as [number[], number[]];
  return more >= digits && scale === sameScale;
}

/**
 * True if the guard concerns only new columns. The last release leaves new columns at their
 * defaults. A unique key with a new column without a default rejects no row, because nulls are
 * distinct. A default value would be a duplicate.
 */
function isOfNewColumns(
  { kind, table, columns }: Guard,
  before: DatabaseCatalogue,
  after: DatabaseCatalogue,
): boolean {
  if (columns === null) return false;
  const names = columns.map((column) => `${table}.${column}`);
  const isNew = (name: string): boolean => !before.columns.has(name);
  return kind === 'unique key'
    ? names.some((name) => isNew(name) && after.columns.get(name)?.hasDefault === false)
    : names.every(isNew);
}

function missing(before: ReadonlySet<string>, after: ReadonlySet<string>): readonly string[] {
  return [...before].filter((name) => !after.has(name));
}
