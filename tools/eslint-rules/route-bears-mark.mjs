const ROUTE_DECORATORS = new Set(['All', 'Delete', 'Get', 'Head', 'Options', 'Patch', 'Post', 'Put', 'Search', 'Sse']);
const MARKS = new Set(['Public', 'RequireScope']);

/** The decorator's name as it was exported, so that an alias on import hides nothing; undefined for other forms. */
function decoratorName(decorator, originalNames) {
  const { expression } = decorator;
  const callee = expression.type === 'CallExpression' ? expression.callee : expression;
  if (callee.type === 'Identifier') return originalNames.get(callee.name) ?? callee.name;
  if (callee.type === 'MemberExpression' && callee.property.type === 'Identifier') return callee.property.name;
  return undefined;
}

/**
 * Every route says who may call it, by @RequireScope or @Public on the method or its class. The guard refuses unmarked
 * routes when they are called; this rule refuses them before they are merged.
 */
export const routeBearsMark = {
  meta: {
    type: 'problem',
    docs: { description: 'every route handler bears @RequireScope or @Public' },
    messages: { unmarked: 'The route {{method}}() bears neither @RequireScope(...) nor @Public().' },
    schema: [],
  },
  create(context) {
    const originalNames = new Map();
    const namesOf = (node) => node.decorators.map((decorator) => decoratorName(decorator, originalNames));
    const isMarked = (node) => namesOf(node).some((name) => MARKS.has(name));
    return {
      ImportSpecifier(node) {
        if (node.imported.type === 'Identifier') originalNames.set(node.local.name, node.imported.name);
      },
      'MethodDefinition, PropertyDefinition'(node) {
        if (!namesOf(node).some((name) => ROUTE_DECORATORS.has(name))) return;
        if (isMarked(node) || isMarked(node.parent.parent)) return;
        const method = context.sourceCode.getText(node.key);
        context.report({ node: node.key, messageId: 'unmarked', data: { method } });
      },
    };
  },
};
