/** A message class: its decorated fields are the validation rules, the TypeScript type and the schema at once. */
export type MessageClass = new () => object;
