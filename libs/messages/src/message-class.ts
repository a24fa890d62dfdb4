/** Message class: the decorated fields define the validation rules, the TypeScript type and the schema. */
export type MessageClass = new () => object;
