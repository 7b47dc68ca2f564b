import ts from 'typescript';

/** The imported binding that a parameter's type names, when that import is type-only. */
function typeOnlyImport(typeName, sourceCode) {
  let scope = sourceCode.getScope(typeName);
  while (scope !== null) {
    const definition = scope.set.get(typeName.name)?.defs[0];
    if (definition !== undefined) {
      if (definition.type !== 'ImportBinding') return undefined;
      const isTypeOnly = definition.parent.importKind === 'type' || definition.node.importKind === 'type';
      return isTypeOnly ? definition : undefined;
    }
    scope = scope.upper;
  }
  return undefined;
}

function parameterTypeName(parameter) {
  const target = parameter.type === 'TSParameterProperty' ? parameter.parameter : parameter;
  const pattern = target.type === 'AssignmentPattern' ? target.left : target;
  const annotation = pattern.typeAnnotation?.typeAnnotation;
  const isPlainName = annotation?.type === 'TSTypeReference' && annotation.typeName.type === 'Identifier';
  return isPlainName ? annotation.typeName : undefined;
}

function isInjectedByToken(parameter) {
  return parameter.decorators.some(({ expression }) => {
    return expression.type === 'CallExpression' && expression.callee.name === 'Inject';
  });
}

/**
 * Nest finds what to inject into a constructor, and what to validate a @Body() against, in the types that the compiler
 * writes down beside the decorators. A type-only import leaves `Object` there: the injection fails at start, and the
 * body goes unvalidated without a word. So a class in such a place is imported as a value.
 */
export const injectedClassesAreValues = {
  meta: {
    type: 'problem',
    docs: { description: 'classes that Nest reads from emitted types are imported as values' },
    messages: { typeOnly: 'Nest needs the class {{name}} at run time; import it without `type`.' },
    schema: [],
  },
  create(context) {
    const { sourceCode } = context;
    const isClass = (typeName) => {
      const symbol = sourceCode.parserServices.getTypeAtLocation(typeName).symbol;
      return symbol !== undefined && (symbol.flags & ts.SymbolFlags.Class) !== 0;
    };
    const check = (parameter) => {
      const typeName = parameterTypeName(parameter);
      if (typeName === undefined || isInjectedByToken(parameter)) return;
      if (typeOnlyImport(typeName, sourceCode) === undefined || !isClass(typeName)) return;
      context.report({ node: typeName, messageId: 'typeOnly', data: { name: typeName.name } });
    };
    return {
      'ClassDeclaration[decorators.length>0] > ClassBody > MethodDefinition'(node) {
        const parameters = node.value.params;
        const read = node.kind === 'constructor' ? parameters : parameters.filter((each) => each.decorators.length > 0);
        for (const parameter of read) check(parameter);
      },
    };
  },
};
