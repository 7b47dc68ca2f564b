/** `node --import` of this makes a process find `node-llama-cpp` where a test has it, NODE_LLAMA_CPP says where. */
import { register } from 'node:module';

const hooks = `export const resolve = (specifier, context, next) =>
  specifier === 'node-llama-cpp' ? { url: ${JSON.stringify(process.env.NODE_LLAMA_CPP)}, shortCircuit: true } : next(specifier, context);`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
