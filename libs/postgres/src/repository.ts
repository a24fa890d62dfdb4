import { DefaultNamingStrategy, type ObjectLiteral, type Repository } from 'typeorm';

/** A class that maps one table; its fields are named like the columns, in camel case. */
export type EntityClass<E extends ObjectLiteral = ObjectLiteral> = new () => E;

type Operation = 'find' | 'findOne' | 'exists' | 'insert' | 'update' | 'upsert' | 'delete';

/**
 * TypeORM's repository, as far as each operation is one statement on the connection that it is given. No `save`: it reads first and writes
 * what it finds changed. No query builder: what needs one is set-wise, and SQL says it shorter.
 */
export type EntityRepository<E extends ObjectLiteral> = Pick<Repository<E>, Operation>;

/** A repository whose operations are done by `run`, which knows the connection. */
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
