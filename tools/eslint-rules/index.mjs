import { injectedClassesAreValues } from './injected-classes-are-values.mjs';
import { routeBearsMark } from './route-bears-mark.mjs';

/** The project's own rules, as the ESLint plugin `threadmill`. */
export default {
  meta: { name: 'threadmill' },
  rules: {
    'injected-classes-are-values': injectedClassesAreValues,
    'route-bears-mark': routeBearsMark,
  },
};
