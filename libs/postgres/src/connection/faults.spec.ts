import { isInfrastructureFault } from './faults.js';

const errorWith = (code: string, message: string) => Object.assign(new Error(message), { code });

describe('a fault of the database', () => {
  it('is none of the work where the login lacks a right: it is done again once the owner has given it', () => {
    expect(isInfrastructureFault(errorWith('42501', 'permission denied for table hold'))).toBe(
      true,
    );
  });

  it('is one of the work where a trigger of the owner refuses it', () => {
    expect(isInfrastructureFault(errorWith('42501', 'UPDATE of posting is not allowed'))).toBe(
      false,
    );
    expect(
      isInfrastructureFault(
        errorWith('23514', 'a row of hold does not go from captured to placed'),
      ),
    ).toBe(false);
  });
});
