import ts from 'typescript';

/** A route under `/internal`, as its controller declares it. */
export interface AdminRoute {
  readonly servedBy: string;
  /** Name of the handler, and of the call of the client. */
  readonly name: string;
  readonly method: string;
  /** Path with `:name` for each parameter. */
  readonly path: string;
  /** Permitted roles and services; `ROLES` stands for all roles. */
  readonly requires: readonly string[];
  /** DTO classes of the query and of the body. */
  readonly query: string | null;
  readonly body: string | null;
  /** TypeScript type of the data of the answer; null for a route without description. */
  readonly answer: string | null;
}

const METHODS = ['Get', 'Post', 'Put', 'Patch', 'Delete'];
const ANSWERS: Readonly<Record<string, (dtos: readonly string[]) => string>> = {
  Answers: (dtos) => dtos.join(' | '),
  AnswersList: ([dto]) => `readonly ${dto}[]`,
  AnswersPage: ([dto]) => `Page<${dto}>`,
};

type Decorators = ReadonlyMap<string, readonly ts.Expression[]>;

/** Reads the admin routes in the source of a controller. `servedBy`: the services with the route. */
export function adminRoutes(source: string, servedBy: string): readonly AdminRoute[] {
  const file = ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest, true);
  const constants = new Map(
    file.statements
      .filter(ts.isVariableStatement)
      .flatMap(({ declarationList: { declarations } }) => [...declarations])
      .map(({ name, initializer }) => [name.getText(), initializer] as const),
  );
  const textOf = (node: ts.Expression | undefined): string => {
    if (node === undefined) return '';
    if (ts.isStringLiteralLike(node)) return node.text;
    if (ts.isSpreadElement(node)) return node.expression.getText();
    return textOf(constants.get(node.getText()));
  };
  return file.statements.filter(ts.isClassDeclaration).flatMap((controller) => {
    const base = baseOf(decoratorsOf(controller));
    if (base === null) return [];
    return controller.members.filter(ts.isMethodDeclaration).flatMap((handler) => {
      const decorators = decoratorsOf(handler);
      const method = METHODS.find((one) => decorators.has(one));
      if (method === undefined) return [];
      const path = textOf(decorators.get(method)?.[0]);
      return {
        servedBy,
        name: handler.name.getText(),
        method: method.toUpperCase(),
        path: path === '' ? base : `${base}/${path}`,
        requires: (decorators.get('Requires') ?? []).map(textOf),
        query: typeAt(handler, 'Query'),
        body: typeAt(handler, 'Body'),
        answer: answerOf(decorators),
      };
    });
  });
}

/** Path of a controller under `/internal`; null for another controller. */
function baseOf(decorators: Decorators): string | null {
  const [inside] = decorators.get('AdminController') ?? [];
  if (inside !== undefined && ts.isStringLiteralLike(inside)) return `/internal/${inside.text}`;
  const [whole] = decorators.get('Controller') ?? [];
  if (whole === undefined || !ts.isStringLiteralLike(whole)) return null;
  return whole.text.startsWith('internal/') ? `/${whole.text}` : null;
}

/** Arguments of each decorator, by its name. */
function decoratorsOf(node: ts.HasDecorators): Decorators {
  return new Map(
    (ts.getDecorators(node) ?? []).flatMap(({ expression }) =>
      ts.isCallExpression(expression)
        ? [[expression.expression.getText(), [...expression.arguments]] as const]
        : [],
    ),
  );
}

/** The declared class of the parameter with a decorator. */
function typeAt({ parameters }: ts.MethodDeclaration, decorator: string): string | null {
  const found = parameters.find((one) => decoratorsOf(one).has(decorator));
  return found?.type?.getText() ?? null;
}

function answerOf(decorators: Decorators): string | null {
  const awaited = decorators.has('MayAwait') ? ' | AwaitedDto' : '';
  const [found] = Object.entries(ANSWERS).flatMap(([name, write]) => {
    const dtos = decorators.get(name)?.map((dto) => dto.getText());
    return dtos === undefined ? [] : [write(dtos)];
  });
  return found === undefined ? null : `${found}${awaited}`;
}

/** Classes whose fields are all optional, in the sources of the DTOs. */
export function optionalClasses(sources: readonly string[]): ReadonlySet<string> {
  const classes = sources.flatMap((source) => {
    const file = ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest, true);
    return file.statements.filter(ts.isClassDeclaration);
  });
  const isOptional = ({ heritageClauses, members }: ts.ClassDeclaration): boolean =>
    heritageClauses === undefined &&
    members.filter(ts.isPropertyDeclaration).every((field) => field.questionToken !== undefined);
  return new Set(classes.filter(isOptional).map(({ name }) => name?.text ?? ''));
}
