import { VARIABLES } from './variables.js';

/** The README's configuration table, from the one list of variables. */
export function renderVariablesTable(): string {
  const rows = Object.entries(VARIABLES).map(([name, variable]) => {
    const secret = variable.secret ? ' *Secret.*' : '';
    return `| \`${name}\` | ${variable.type} | ${variable.defaultText} | ${variable.description}${secret} |`;
  });
  return ['| variable | type | default | meaning |', '|---|---|---|---|', ...rows].join('\n');
}
