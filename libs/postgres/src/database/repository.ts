import { DefaultNamingStrategy, type ObjectLiteral, type Repository } from 'typeorm';

/** Class mapping a table; the fields are the column names in camel case. */
export type EntityClass<E extends ObjectLiteral = ObjectLiteral> = new () => E;

type Operation = 'find' | 'findOne' | 'exists' | 'insert' | 'update' | 'upsert' | 'delete';

/**
 * Subset of TypeORM's repository: only operations with a single statement on the given connection.
 * Excluded are `save`, because `save` reads before writing changes, and the query builder, because
 * set-based queries are shorter in SQL.
 */
export type EntityRepository<E extends ObjectLiteral> = Pick<Repository<E>, Operation>;

/** Returns a repository; `run` executes each operation on a connection. */
export function repositoryOf<E extends ObjectLiteral>(
  run: <T>(operation: (repository: Repository<E>) => Promise<T>) => Promise<T>,
): EntityRepository<E> {
  return {
    find: (options) => run((repository) => repository.find(options)),
    findOne: (options) => run((repository) => repository.findOne(options)),
    exists: (options) => run((repository) => repository.exists(options)),
    insert: (rows) => run((repository) => repository.insert(rows)),
    update: (where, change) => run((repository) => repository.update(where, change)),
    upsert: (rows, by) => run((repository) => repository.upsert(rows, by)),
    delete: (where) => run((repository) => repository.delete(where)),
  };
}

/** `feeFlat` is the column `fee_flat`. */
export class SnakeCaseColumns extends DefaultNamingStrategy {
  override columnName(property: string, customName: string): string {
    return customName || property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  }
}
