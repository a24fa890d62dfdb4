import ts from 'typescript';

/** Comments of a class: of the class and of each field. */
export interface ClassWords {
  readonly about: string;
  readonly fields: Readonly<Record<string, string>>;
}

/**
 * Doc comments of every class in the sources, by class name. Only the message classes describe the
 * messages.
 */
export function docComments(sources: readonly string[]): ReadonlyMap<string, ClassWords> {
  const classes = sources.flatMap((source) => {
    const file = ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest, true);
    return file.statements.filter(ts.isClassDeclaration);
  });
  return new Map(
    classes.map((declared) => [
      declared.name?.text ?? '',
      { about: withoutType(commentOf(declared)), fields: fieldsOf(declared) },
    ]),
  );
}

function fieldsOf(declared: ts.ClassDeclaration): Readonly<Record<string, string>> {
  const fields = declared.members.filter(ts.isPropertyDeclaration);
  return Object.fromEntries(fields.map((field) => [field.name.getText(), commentOf(field)]));
}

function commentOf(node: ts.Node): string {
  const comments = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  const text = comments.map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? '').join(' ');
  return text.replaceAll(/\s+/g, ' ').trim();
}

/**
 * Removes the type name at the start of a class comment, because the page of the type already shows
 * the name above.
 */
function withoutType(comment: string): string {
  const said = comment.replace(/^`[\w.-]+`[:;]?\s*/, '');
  return said.charAt(0).toUpperCase() + said.slice(1);
}
