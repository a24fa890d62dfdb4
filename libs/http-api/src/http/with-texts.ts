/**
 * Returns a class with the fields of `base` and further texts, all declared by the same decorator.
 * The further fields come last in the schema.
 */
export function withTexts<B extends object, N extends string>(
  base: new () => B,
  names: readonly N[],
  field: PropertyDecorator,
): new () => B & Readonly<Record<N, string | null>> {
  class Extended extends (base as new () => object) {}
  for (const name of names) field(Extended.prototype, name);
  return Extended as new () => B & Readonly<Record<N, string | null>>;
}
