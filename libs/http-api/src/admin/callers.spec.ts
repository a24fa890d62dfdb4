import { Get } from '@nestjs/common';
import {
  AdminController,
  refusalOf,
  Requires,
  requirementsOf,
  ROLES,
  type Caller,
  type Role,
} from './callers.js';

const person = (name: string, ...roles: readonly Role[]): Caller => ({
  kind: 'person',
  name,
  roles,
  client: 'sluice-cli',
});
const service = (name: string): Caller => ({ kind: 'service', name, roles: [], client: '' });

describe('refusalOf', () => {
  it('accepts a caller with one of the roles, and the service', () => {
    expect(refusalOf(person('olivia', 'operate'), ['administer', 'operate'])).toBeNull();
    expect(refusalOf(service('intake-api'), ['audit', 'service:intake-api'])).toBeNull();
  });

  it('names the role that is missing', () => {
    expect(refusalOf(person('audrey', 'audit'), ['administer', 'operate'])).toBe(
      'audrey may not do this: it takes the role administer or operate',
    );
    expect(refusalOf(person('ada', ...ROLES), ['service:intake-api'])).toBe(
      'ada may not do this: it is for services',
    );
  });

  it('takes no service for a person, and no person for a service', () => {
    expect(refusalOf(service('operate'), ['operate'])).toBe(
      'The service operate may not call this',
    );
    expect(refusalOf({ ...service('ledger'), roles: ROLES }, [...ROLES])).toBe(
      'The service ledger may not call this',
    );
    expect(refusalOf(person('intake-api'), ['service:intake-api'])).not.toBeNull();
  });

  it('refuses every caller if nothing is required', () => {
    expect(refusalOf(person('ada', ...ROLES), [])).not.toBeNull();
  });
});

describe('Requires', () => {
  it('is what a route asks of its caller', () => {
    class Books {
      @Get()
      @Requires('audit', 'service:intake-api')
      read(): void {}
    }
    expect(requirementsOf(Object(Reflect.get(Books.prototype, 'read')))).toEqual([
      'audit',
      'service:intake-api',
    ]);
  });

  it('is missed as soon as the controller is loaded', () => {
    expect(() => {
      @AdminController('books')
      class Books {
        @Get()
        read(): void {}
      }
      return Books;
    }).toThrow('Books.read does not declare its callers: add @Requires(…)');
  });
});
