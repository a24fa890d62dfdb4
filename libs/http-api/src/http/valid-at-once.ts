import { getMetadataStorage } from 'class-validator';

type Rules = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>;
type Accepts = (dto: Readonly<Record<string, unknown>>) => boolean;

const compiled = new WeakMap<object, Accepts>();

/**
 * True if the rules of the object's class accept each field. False: class-validator, which collects
 * its rules anew for each object, decides and words the faults.
 */
export function isValidAtOnce(dto: object): boolean {
  const cls = dto.constructor;
  const accepts = compiled.get(cls) ?? compile(cls);
  compiled.set(cls, accepts);
  return accepts(dto as Readonly<Record<string, unknown>>);
}

function compile(cls: Function): Accepts {
  const rules = getMetadataStorage().getTargetValidationMetadatas(cls, '', false, false);
  const fields = [...Map.groupBy(rules, ({ propertyName }) => propertyName)].map(fieldCheck);
  if (fields.length === 0 || fields.includes(null)) return () => false;
  const checks = fields.filter((check) => check !== null);
  return (dto) => checks.every((check) => check(dto));
}

/** Null for a rule other than a condition or a check of one value. */
function fieldCheck([property, rules]: [string, Rules]): Accepts | null {
  const conditions = rules
    .filter(({ type }) => type === 'conditionalValidation')
    .map(({ constraints }) => constraints?.[0] as (dto: object, value: unknown) => boolean);
  const checks = rules.filter(({ type }) => type !== 'conditionalValidation');
  if (checks.some(({ type, each }) => type !== 'customValidation' || each)) return null;
  const validators = checks.flatMap(({ constraintCls, constraints = [], target }) =>
    getMetadataStorage()
      .getTargetValidatorConstraints(constraintCls)
      .map(({ instance }) => ({ instance, constraints, targetName: (target as Function).name })),
  );
  return (dto) => {
    const value = dto[property];
    if (!conditions.every((applies) => applies(dto, value))) return true;
    return validators.every(
      ({ instance, constraints, targetName }) =>
        instance.validate(value, { value, constraints, targetName, object: dto, property }) ===
        true,
    );
  };
}
